internal import Captions

/// What a caption file's name says: yt-dlp's `Title [dQw4w9WgXcQ].en.vtt`, `dQw4w9WgXcQ.en.srt`, `My talk.vtt`.
struct SourceName: Sendable, Hashable {
    /// The short name people use: the name without its endings, or the YouTube id.
    var sourceID: String
    var title: String
    var youtubeID: String?
    var language: String?

    /// Endings that come before the format's own and say nothing: `talk.derived.vtt`, `talk.srv3.xml`.
    private static let endings: Set<String> = ["srv1", "srv2", "srv3", "derived", "ytt"]

    init(fileName: String) {
        let last = fileName.split(separator: "/").last.map(String.init) ?? fileName
        var parts = last.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1 { parts.removeLast() }
        while parts.count > 1, let ending = parts.last, Self.endings.contains(ending.lowercased()) {
            parts.removeLast()
        }
        if parts.count > 1, let ending = parts.last, Self.isLanguage(ending) {
            language = ending
            parts.removeLast()
        }
        var stem = parts.joined(separator: ".")
        if stem.isEmpty { stem = last }
        if let bracketed = Self.bracketedID(in: stem) {
            youtubeID = bracketed.id
            title = bracketed.title.isEmpty ? bracketed.id : bracketed.title
            sourceID = bracketed.id
        } else {
            sourceID = stem
            youtubeID = language != nil && YouTubeID.isLikely(stem) ? stem : nil
            title = youtubeID == nil ? stem.replacing("_", with: " ") : stem
        }
    }

    private static func bracketedID(in stem: String) -> (id: String, title: String)? {
        guard stem.hasSuffix("]"), let open = stem.lastIndex(of: "[") else { return nil }
        let id = String(stem[stem.index(after: open)...].dropLast())
        guard YouTubeID.isWellFormed(id), !YouTubeID.isWord(id) else { return nil }
        return (id, String(stem[..<open]).trimmed)
    }

    /// Whether an ending is a language: `en`, `pt-BR`, `zh-Hans`, `en-orig`, `es-419`, but not the `one` of
    /// `lecture.one.vtt`.
    static func isLanguage(_ text: String) -> Bool {
        isLanguageTag(text) && Language.isKnown(String(text.prefix { $0 != "-" }))
    }

    /// Whether what somebody calls a language has the form of a tag.
    static func isLanguageTag(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let primary = parts.first, (2...3).contains(primary.count), parts.count <= 3 else { return false }
        return primary.allSatisfy { $0.isASCII && $0.isLowercase }
            && parts.dropFirst().allSatisfy {
                (2...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            }
    }
}

/// YouTube's video ids: 64 bits in base64, eleven characters.
enum YouTubeID {
    static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == 11
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            } && text.last.map { "AEIMQUYcgkosw048".contains($0) } == true
    }

    /// Whether eleven letters in brackets may be a word, such as `[mathematics]` or `[Programming]`: nothing but small
    /// letters after the first.
    static func isWord(_ text: String) -> Bool {
        text.dropFirst().allSatisfy { $0.isLetter && $0.isLowercase }
    }

    /// Whether a bare name is an id rather than eleven letters of something else: small and capital letters mixed, and
    /// a digit or underscore among them.
    static func isLikely(_ text: String) -> Bool {
        isWellFormed(text) && text.contains(where: \.isUppercase) && text.contains(where: \.isLowercase)
            && text.contains { $0.isNumber || $0 == "_" }
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
