/// One of a video's captions: a language, as a person wrote it or as a machine heard or translated it.
public struct CaptionTrack: Sendable, Equatable {
    /// yt-dlp's own name for it.
    public var key: String
    /// The language's code, as YouTube writes it.
    public var language: String
    /// Whether a machine has written down what it heard.
    public var isAutomatic: Bool
    /// Whether a machine has translated it.
    public var isTranslation: Bool
    /// Where it can be had, in several formats.
    var links: [CaptionLink]

    /// Creates a track that can't be downloaded: where it can be had, only yt-dlp knows.
    public init(key: String, language: String, isAutomatic: Bool = false, isTranslation: Bool = false) {
        self.key = key
        self.language = language
        self.isAutomatic = isAutomatic
        self.isTranslation = isTranslation
        links = []
    }

    /// The best format of those that can be read.
    var best: CaptionLink? {
        let readable = links.compactMap { link in link.format.map { (link, $0) } }
        return readable.min { $0.1 < $1.1 }?.0
    }

    /// All tracks of a description, in a fixed order.
    static func tracks(human: [String: [CaptionLink]], automatic: [String: [CaptionLink]]) -> [CaptionTrack] {
        let all =
            human.map { CaptionTrack($0.key, $0.value, isAutomatic: false) }
            + automatic.map { CaptionTrack($0.key, $0.value, isAutomatic: true) }
        return all.filter { $0.key != liveChat && $0.best != nil && !$0.isCopy }
            .sorted { ($0.isAutomatic ? 1 : 0, $0.key) < ($1.isAutomatic ? 1 : 0, $1.key) }
    }

    private init(_ key: String, _ links: [CaptionLink], isAutomatic: Bool) {
        self.key = key
        self.links = links
        self.isAutomatic = isAutomatic
        let translation = links.lazy.compactMap(\.translation).first
        let own = key.hasSuffix(Self.originalMark) ? String(key.dropLast(Self.originalMark.count)) : key
        // The name of a translation has the language behind it that it was made from.
        language = translation ?? own
        isTranslation = translation != nil
    }

    /// What people wrote is listed among the automatic ones once more, as if it were translated into its own language.
    private var isCopy: Bool { isAutomatic && !isTranslation && links.contains(where: \.isWrittenByPeople) }

    /// yt-dlp lists what was said beside a broadcast as if it were captions.
    private static let liveChat = "live_chat"
    /// Behind the language that is spoken, where there are translations, too.
    private static let originalMark = "-orig"
}

/// Where a caption track can be had in one format.
struct CaptionLink: Sendable, Equatable, Codable {
    /// The formats that can be read, the best first: json3 has the time of each word.
    enum Format: String, Sendable, CaseIterable, Comparable {
        case json3, srv3, vtt, ttml, srt, srv2, srv1

        static func < (one: Format, other: Format) -> Bool { one.rank < other.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
    }

    var url: String
    var ext: String
    var `protocol`: String?
    /// What yt-dlp is told to pretend to be, in its own form: `true`, for YouTube.
    var impersonate: Bool?

    var address: String { url }
    var format: Format? { Format(rawValue: ext) }

    /// The language that YouTube is asked to translate into.
    var translation: String? { parameter("tlang") }

    /// YouTube says of its own captions whether a machine has heard them.
    var isWrittenByPeople: Bool { url.contains("/timedtext?") && parameter("kind") != "asr" }

    private func parameter(_ name: String) -> String? {
        let query = url.split(separator: "?", maxSplits: 1).last ?? ""
        let item = query.split(separator: "&").first { $0.hasPrefix(name + "=") }
        return item.map { String($0.dropFirst(name.count + 1)) }
    }
}
