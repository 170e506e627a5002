internal import Database

/// The schema of the embedded database, step by step; a step that was released never changes.
enum SQLiteMigrations {
    static let all: [Migration] = [
        Migration(name: "001_library", sql: text(PackageResources._01_library_sql)),
        Migration(name: "002_chat", sql: text(PackageResources._02_chat_sql)),
        Migration(name: "003_leases", sql: text(PackageResources._03_leases_sql)),
        Migration(name: "004_jobs", sql: text(PackageResources._04_jobs_sql)),
        Migration(name: "005_runs", sql: text(PackageResources._05_runs_sql)),
        Migration(name: "006_summaries", sql: text(PackageResources._06_summaries_sql)),
        Migration(name: "007_youtube", sql: text(PackageResources._07_youtube_sql)),
        Migration(name: "008_recordings", sql: text(PackageResources._08_recordings_sql)),
        Migration(name: "009_deleted_videos", sql: text(PackageResources._09_deleted_videos_sql)),
        Migration(name: "010_list_pages", sql: text(PackageResources._10_list_pages_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
