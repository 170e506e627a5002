/// Languages as BCP 47 names them.
package enum Language {
    /// A tag as a file writes it, if it looks like one: `en`, `es-419`, `zh-Hans`; `_` is taken for `-`.
    static func tag(_ bytes: Bytes) -> String? {
        tag(bytes.string)
    }

    /// A tag as a file writes it, if it looks like one.
    static func tag(_ text: String) -> String? {
        let parts = text.split(whereSeparator: { $0 == "-" || $0 == "_" })
        guard let first = parts.first, parts.count <= 4, (2...3).contains(first.utf8.count),
            parts.allSatisfy({ $0.utf8.count <= 8 && $0.utf8.allSatisfy { $0.isLetter || $0.isDigit } }),
            first.utf8.allSatisfy(\.isLetter), first.lowercased() != "und"
        else { return nil }
        return ([first.lowercased()] + parts.dropFirst().map(String.init)).joined(separator: "-")
    }

    /// The language that a file's name tells: `talk.en.srt`, `talk.pt-BR.vtt`, `talk.en.srv3.xml`.
    static func tag(fileName: String) -> String? {
        for part in fileName.split(separator: ".").dropFirst().reversed() {
            let first = part.split(separator: "-").first ?? part
            if isKnown(first.lowercased()), let found = tag(String(part)) {
                return CaptionFormat(fileName: fileName) == .text && part.lowercased() == "md" ? nil : found
            }
        }
        return nil
    }

    /// Whether a primary subtag in small letters, such as `en`, is one that files are named after.
    package static func isKnown(_ primary: String) -> Bool {
        codes.contains(primary)
    }

    /// ISO 639-1, the longer codes that YouTube uses, and those of ISO 639-2 for large languages that are no words of
    /// English.
    private static let codes = Set(
        """
        aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo \
        es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw ja jv \
        ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne \
        ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st \
        su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu fil yue cmn haw \
        eng deu ger fra fre spa ita por rus jpn kor zho chi ara hin nld dut swe nor pol tur ces cze ell gre heb hun ukr vie tha \
        ron rum bul hrv srp slk slv
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}
