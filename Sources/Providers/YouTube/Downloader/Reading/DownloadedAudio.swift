internal import Foundation

/// A file of sound that was downloaded.
public struct DownloadedAudio: Sendable, Equatable {
    /// Where it is.
    public var path: String
    /// Its size.
    public var bytes: Int
    /// The codec, where yt-dlp knows it (`opus`, `mp4a.40.2`).
    public var codec: String?
    /// The language that is spoken, where YouTube says it.
    public var language: String?

    private static let prefix = "audio."

    /// Describes a file; nobody looks whether it is there.
    public init(path: String, bytes: Int, codec: String? = nil, language: String? = nil) {
        self.path = path
        self.bytes = bytes
        self.codec = codec
        self.language = language
    }

    /// - Throws: ``YtDlpError`` (`toolCrashed`) where the file is not what and where it should be.
    init(_ file: DownloadLine.File, in folder: String) throws {
        let name = file.path.split(separator: "/").last.map(String.init) ?? ""
        let path = "\(folder)/\(name)"
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard name.hasPrefix(Self.prefix), attributes?[.type] as? FileAttributeType == .typeRegular,
            let bytes = attributes?[.size] as? Int, bytes > 0
        else { throw YtDlpError(.toolCrashed, detail: "no file at \(file.path)") }
        self.path = path
        self.bytes = bytes
        codec = file.codec
        language = file.language
    }

    /// Removes what a failed download has left.
    static func remove(from folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(prefix) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }
}
