internal import Foundation

/// `channel.json`: a folder's own list of its videos.
///
///     {"channel": "Harbour talks", "videos": [{"video_id": "tides", "title": "How tides are predicted",
///      "language": "en", "file": "tides.en.vtt"}]}
struct FolderManifest: Sendable, Decodable {
    struct Entry: Sendable, Decodable {
        var video_id: String
        var file: String
        var title: String?
        var language: String?
        var youtube_id: String?
    }

    var channel: String?
    var videos: [Entry]

    /// The largest manifest that is read, in bytes.
    static let maximumBytes = 16 << 20

    /// The folder's manifest, or nil where it has none.
    ///
    /// - Throws: `IngestError.badManifest`.
    static func read(in folder: String) throws -> FolderManifest? {
        let url = URL(fileURLWithPath: folder + "/channel.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            let data = try Data(contentsOf: url)
            guard data.count <= maximumBytes else {
                throw IngestError.badManifest(folder: folder, reason: "it is larger than \(maximumBytes >> 20) MB")
            }
            return try JSONDecoder().decode(FolderManifest.self, from: data)
        } catch let error as DecodingError {
            throw IngestError.badManifest(folder: folder, reason: error.explanation)
        } catch let error as IngestError {
            throw error
        } catch {
            throw IngestError.badManifest(folder: folder, reason: (error as NSError).localizedDescription)
        }
    }

    /// - Throws: `IngestError.badManifest` where a file lies outside of the folder.
    func listing(in folder: String) throws -> FileListing {
        var listing = FileListing(files: [], skipped: [], channel: channel)
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        for entry in videos {
            let path = URL(fileURLWithPath: folder + "/" + entry.file).standardizedFileURL.path
            guard path.hasPrefix(root + "/") else {
                throw IngestError.badManifest(folder: folder, reason: "\(entry.file) lies outside of the folder")
            }
            guard FileManager.default.fileExists(atPath: path) else {
                listing.skipped.append(.init(path: path, reason: "channel.json lists it, but it is not there"))
                continue
            }
            let youtubeID = entry.youtube_id ?? (YouTubeID.isLikely(entry.video_id) ? entry.video_id : nil)
            listing.files.append(
                CaptionFile(
                    path: path, sourceID: entry.video_id, youtubeID: youtubeID, title: entry.title,
                    language: entry.language))
        }
        return listing
    }
}

extension DecodingError {
    /// The field and what was expected there, for people.
    package var explanation: String {
        func field(_ path: [any CodingKey]) -> String {
            path.isEmpty
                ? "the body" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch self {
        case .typeMismatch(let type, let context):
            return "\(field(context.codingPath)): expected \(Self.name(of: type))"
        case .valueNotFound(let type, let context):
            return "\(field(context.codingPath)): expected \(Self.name(of: type)), found null"
        case .keyNotFound(let key, let context):
            return "\(field(context.codingPath + [key])) is missing"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "it is not valid JSON" : "\(field(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            return "it is not what was expected"
        }
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Bool.Type: "true or false"
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        case is [any Decodable].Type: "a list"
        default: String(describing: type).hasPrefix("Array") ? "a list" : "an object"
        }
    }
}
