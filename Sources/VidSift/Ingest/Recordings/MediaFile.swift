internal import Foundation

/// Files with sound, by their names: what is in them ffmpeg knows.
enum MediaFile {
    /// Endings of the kinds that are read.
    private static let endings: Set<Substring> = [
        "mp4", "m4v", "mkv", "webm", "mov", "avi", "mpg", "mpeg", "ts", "flv", "wmv", "3gp", "ogv", "mp3", "m4a", "m4b",
        "aac", "wav", "flac", "ogg", "oga", "opus", "wma", "aiff", "amr",
    ]

    static func isNamedSo(_ fileName: String) -> Bool {
        ending(of: fileName).map(endings.contains) ?? false
    }

    /// Whether a file that nobody has named, but its folder, is a recording: `.ts` is more often a program's text.
    static func isLikely(_ path: String) -> Bool {
        guard isNamedSo(path) else { return false }
        return ending(of: path) != "ts" || isTransportStream(path)
    }

    private static func ending(of fileName: String) -> Substring? {
        let parts = fileName.lowercased().split(separator: "/").last?.split(separator: ".") ?? []
        return parts.count > 1 ? parts.last : nil
    }

    /// Each packet of an MPEG transport stream begins with the same byte (ISO/IEC 13818-1, 2.4.3.2).
    private static func isTransportStream(_ path: String) -> Bool {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)) else { return false }
        defer { try? file.close() }  // Nothing was written: there is nothing that closing could lose.
        let start = [UInt8]((try? file.read(upToCount: packetLength + 1)) ?? Data())
        return start.count > packetLength && start[0] == packetMark && start[packetLength] == packetMark
    }

    private static let packetLength = 188
    private static let packetMark: UInt8 = 0x47
}
