/// Chooses among a video's captions: a pure value, so that every rule has a test.
///
/// Languages come first, in their order. In each, what people wrote goes before what a machine heard, the language
/// itself before its regional variants (`en` before `en-GB`, which does, too). A machine's translations are chosen only
/// when they are allowed, and there is nothing else in any of the languages.
public struct CaptionChoice: Sendable {
    private let languages: [LanguageRange]
    private let allowsTranslations: Bool
    private let spoken: LanguageRange?

    /// - Parameters:
    ///   - languages: Codes, best first; `*` is any, what is spoken first.
    ///   - allowsTranslations: Whether a machine's translation will do.
    ///   - spoken: The language of the sound, where it is known.
    public init(languages: [String], allowsTranslations: Bool = false, spoken: String? = nil) {
        self.languages = languages.map(LanguageRange.init)
        self.allowsTranslations = allowsTranslations
        self.spoken = spoken.map(LanguageRange.init)
    }

    /// The best of `tracks`; nil where none will do.
    public func track(of tracks: [CaptionTrack]) -> CaptionTrack? {
        let originals = tracks.filter { !$0.isTranslation }
        if let best = languages.lazy.compactMap({ best(originals, $0) }).first { return best }
        guard allowsTranslations else { return nil }
        let translations = tracks.filter(\.isTranslation)
        return languages.lazy.compactMap { best(translations, $0) }.first
    }

    private func best(_ tracks: [CaptionTrack], _ language: LanguageRange) -> CaptionTrack? {
        let ranked = tracks.compactMap { track in rank(track, language).map { (track, $0) } }
        return ranked.min { $0.1 < $1.1 }?.0
    }

    /// Smaller is better; equals are decided by name, so that the choice is the same every time.
    private func rank(_ track: CaptionTrack, _ language: LanguageRange) -> Rank? {
        guard let distance = language.distance(to: track.language) else { return nil }
        let isSpoken = spoken?.distance(to: track.language) != nil
        return Rank(
            foreign: language.isAny && !isSpoken && !track.isAutomatic ? 1 : 0, automatic: track.isAutomatic ? 1 : 0,
            distance: distance, key: track.key)
    }

    private struct Rank: Comparable {
        /// Of any language, what is spoken goes before what people have translated.
        var foreign: Int
        var automatic: Int
        var distance: Int
        var key: String

        static func < (one: Rank, other: Rank) -> Bool {
            (one.foreign, one.automatic, one.distance, one.key)
                < (other.foreign, other.automatic, other.distance, other.key)
        }
    }
}

/// A language that is asked for, with its regional variants.
struct LanguageRange: Sendable {
    /// In small letters: the language, then script, region or whatever follows. Empty for any language.
    private let parts: [Substring]

    init(_ code: String) { parts = Self.parts(code) }

    var isAny: Bool { parts.isEmpty }

    /// How far a track's language is from this one: 0 is the same; nil is another language.
    func distance(to code: String) -> Int? {
        let other = Self.parts(code)
        if isAny { return 0 }
        guard other.first == parts.first else { return nil }
        if other == parts { return 0 }
        // What says no region will do anywhere; then regions, which have two letters or three digits; then the rest,
        // such as the second of two tracks of one language, which has a name of its own.
        if other.count == 1 { return 1 }
        return other.count == 2 && Self.isRegionOrScript(other[1]) ? 2 : 3
    }

    private static func parts(_ code: String) -> [Substring] {
        let parts = code.lowercased().split { $0 == "-" || $0 == "_" }
        guard let first = parts.first, first != "*" else { return [] }
        return [older[first] ?? first] + parts.dropFirst()
    }

    /// YouTube still has codes that were replaced long ago.
    private static let older: [Substring: Substring] = [
        "iw": "he", "in": "id", "ji": "yi", "nb": "no", "tl": "fil",
    ]

    private static func isRegionOrScript(_ part: Substring) -> Bool {
        let isLetters = part.allSatisfy { $0.isASCII && $0.isLetter }
        return isLetters ? part.count == 2 || part.count == 4 : part.count == 3 && part.allSatisfy(\.isNumber)
    }
}
