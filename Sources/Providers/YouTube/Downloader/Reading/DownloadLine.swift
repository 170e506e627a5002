internal import Foundation

/// How far a download is.
public struct DownloadProgress: Sendable, Equatable {
    /// The bytes that are there.
    public var bytes: Int
    /// The bytes of the whole, where they are known or guessed.
    public var totalBytes: Int?

    /// Creates a progress.
    public init(bytes: Int, totalBytes: Int? = nil) {
        self.bytes = bytes
        self.totalBytes = totalBytes
    }
}

/// One line of what yt-dlp writes while it downloads.
enum DownloadLine: Equatable {
    case progress(DownloadProgress)
    /// Where the finished file is.
    case file(File)
    /// Words for people.
    case message(String)

    struct File: Equatable {
        var path: String
        var codec: String?
        var language: String?
    }

    init(_ line: ArraySlice<UInt8>) {
        guard line.first == UInt8(ascii: "{"), let body = try? JSONDecoder().decode(Body.self, from: Data(line)) else {
            self = .message(String(decoding: line, as: UTF8.self))
            return
        }
        if let path = body.filepath {
            self = .file(File(path: path, codec: body.acodec == "none" ? nil : body.acodec, language: body.language))
        } else {
            let total = Self.bytes(body.total_bytes) ?? Self.bytes(body.total_bytes_estimate)
            self = .progress(DownloadProgress(bytes: Self.bytes(body.downloaded_bytes) ?? 0, totalBytes: total))
        }
    }

    /// - Throws: ``YtDlpError`` (`tooLarge`) when more has come than may.
    func check(maximumBytes: Int) throws {
        if case .progress(let progress) = self, progress.bytes > maximumBytes { throw YtDlpError(.tooLarge) }
    }

    /// Estimates have fractions.
    private static func bytes(_ number: Double?) -> Int? {
        guard let number, number >= 0, number < Double(Int.max) else { return nil }
        return Int(number)
    }

    /// The names are yt-dlp's.
    private struct Body: Decodable {
        var downloaded_bytes: Double?
        var total_bytes: Double?
        var total_bytes_estimate: Double?
        var filepath: String?
        var acodec: String?
        var language: String?
    }
}
