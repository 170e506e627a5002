internal import Database

/// The schema on PostgreSQL, step by step; a step that was released never changes.
enum PostgreSQLMigrations {
    static let all: [Migration] = [
        Migration(name: "001_search_function", sql: text(PackageResources._01_search_function_sql)),
        Migration(name: "002_similarity_search", sql: text(PackageResources._02_similarity_search_sql)),
        Migration(name: "003_processing_locks", sql: text(PackageResources._03_processing_locks_sql)),
        Migration(name: "004_rate_limits", sql: text(PackageResources._04_rate_limits_sql)),
        Migration(name: "005_error_logs", sql: text(PackageResources._05_error_logs_sql)),
        Migration(name: "006_chat", sql: text(PackageResources._06_chat_sql)),
        Migration(name: "007_jobs", sql: text(PackageResources._07_jobs_sql)),
        Migration(name: "008_runs", sql: text(PackageResources._08_runs_sql)),
        Migration(name: "009_summaries", sql: text(PackageResources._09_summaries_sql)),
        Migration(name: "010_youtube", sql: text(PackageResources._10_youtube_sql)),
        Migration(name: "011_recordings", sql: text(PackageResources._11_recordings_sql)),
        Migration(name: "012_deleted_videos", sql: text(PackageResources._12_deleted_videos_sql)),
        Migration(name: "013_list_pages", sql: text(PackageResources._13_list_pages_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
