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
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }  // Nothing was written: there is nothing that closing could lose.
            let data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
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

    /// - Throws: `IngestError.badManifest` where a file lies outside of the folder, a name is empty, or an id is none.
    func listing(in folder: String) throws -> FileListing {
        func refuse(_ reason: String) -> IngestError { .badManifest(folder: folder, reason: reason) }
        if let channel, Title(channel) == nil { throw refuse("channel: expected a name") }
        var listing = FileListing(files: [], skipped: [], channel: channel)
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        for (number, entry) in videos.enumerated() {
            if let fault = entry.fault { throw refuse("videos.[\(number)].\(fault)") }
            let path = URL(fileURLWithPath: folder + "/" + entry.file).standardizedFileURL.path
            guard path.hasPrefix(root + "/") else { throw refuse("\(entry.file) lies outside of the folder") }
            guard FileManager.default.fileExists(atPath: path) else {
                listing.skipped.append(.init(path: path, reason: "channel.json lists it, but it is not there"))
                continue
            }
            listing.files.append(entry.file(at: path))
        }
        return listing
    }
}

extension FolderManifest.Entry {
    /// The field that can't be used, and what was expected there.
    fileprivate var fault: String? {
        if Title(video_id) == nil { return "video_id: expected a name" }
        if let youtube_id, !YouTubeID.isWellFormed(youtube_id) {
            return
                "youtube_id: expected the eleven characters of a YouTube id, found \(youtube_id.prefix(40).debugDescription)"
        }
        return nil
    }

    fileprivate func file(at path: String) -> AddedFile {
        AddedFile(
            path: path, sourceID: Title(video_id)?.text ?? video_id,
            youtubeID: youtube_id ?? (YouTubeID.isLikely(video_id) ? video_id : nil), title: title, language: language)
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
