import Foundation

/// What YouTube really answered, beside the package.
enum RecordedYouTube {
    private static let folder = TestFiles.root.appendingPathComponent("../shared/fixtures/youtube_api")
        .standardizedFileURL

    static let isThere: Bool = {
        let isThere = FileManager.default.fileExists(atPath: folder.path)
        if !isThere { print("skipped: no ../shared/fixtures/youtube_api beside the package") }
        return isThere
    }()

    static func bytes(_ path: String) throws -> [UInt8] {
        try TestFiles.bytes(folder.appendingPathComponent(path).path)
    }

    /// A body of the Data API.
    static func api(_ path: String) throws -> [UInt8] { try bytes("data_api_v3/" + path) }
}
