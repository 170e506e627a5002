internal import Foundation

/// Tells captions that are whole from what YouTube sends in their place: nothing, a page, or a part of them.
///
/// Only the form is looked at; reading them is for others.
struct CaptionCheck {
    private let bytes: [UInt8]
    private let format: CaptionLink.Format

    init(_ bytes: [UInt8], _ format: CaptionLink.Format) {
        self.bytes = bytes
        self.format = format
    }

    /// - Throws: ``YtDlpError``: `captionsEmpty`, `captionsDamaged`, `consent`, `rateLimited`.
    func run() throws {
        let start = firstWord
        guard start < bytes.endIndex else { throw YtDlpError(.captionsEmpty) }
        if let page = page(from: start) { throw page }
        switch format {
        case .json3: try checkJSON()
        case .srv1, .srv2, .srv3, .ttml: try checkXML(from: start)
        case .vtt:
            guard bytes[start...].starts(with: Array("WEBVTT".utf8)) else { throw damaged("no WEBVTT") }
            try checkCues()
        case .srt: try checkCues()
        }
    }

    /// Behind blanks and the mark of UTF-8.
    private var firstWord: Int {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes[start...].firstIndex { $0 > 0x20 } ?? bytes.endIndex
    }

    // MARK: Pages

    private func page(from start: Int) -> YtDlpError? {
        let head = String(decoding: bytes[start...].prefix(Self.headBytes), as: UTF8.self).lowercased()
        guard Self.beginnings.contains(where: head.hasPrefix) else { return nil }
        let text = String(decoding: bytes.prefix(Self.pageBytes), as: UTF8.self).lowercased()
        if Self.signsOfConsent.contains(where: text.contains) { return YtDlpError(.consent) }
        if Self.signsOfRefusal.contains(where: text.contains) { return YtDlpError(.rateLimited) }
        return damaged("a page: \(text.prefix(Self.headBytes))")
    }

    private static let headBytes = 200
    private static let pageBytes = 1 << 20
    private static let beginnings = ["<!doctype html", "<html", "<head", "<body", "<script"]
    private static let signsOfConsent = ["consent.youtube.com", "before you continue", "consent.google.com"]
    private static let signsOfRefusal = [
        "429", "unusual traffic", "/sorry/", "g-recaptcha", "too many requests", "automated queries",
    ]

    // MARK: Formats

    private func checkJSON() throws {
        guard let body = try? JSONDecoder().decode(Events.self, from: Data(bytes)) else { throw damaged("not JSON") }
        guard body.events?.isEmpty == false else { throw YtDlpError(.captionsEmpty, detail: "no events") }
    }

    private struct Events: Decodable {
        var events: [Event]?
        struct Event: Decodable {}
    }

    private func checkXML(from start: Int) throws {
        guard bytes[start] == UInt8(ascii: "<") else { throw damaged("not XML") }
        let tail = String(decoding: bytes.suffix(Self.headBytes), as: UTF8.self)
        let isWhole = Self.ends.contains { tail.trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix($0) }
        guard isWhole else { throw damaged("its end is missing") }
        let marks: [String] = ["<p", "<text"]
        guard marks.contains(where: { bytes.firstRange(of: Array($0.utf8)) != nil }) else {
            throw YtDlpError(.captionsEmpty, detail: "no lines")
        }
    }

    private static let ends = ["</timedtext>", "</transcript>", "</tt>", "</tt:tt>"]

    /// Nothing marks the end of these formats: a cut can't be told.
    private func checkCues() throws {
        guard bytes.firstRange(of: Array("-->".utf8)) != nil else {
            throw YtDlpError(.captionsEmpty, detail: "no cues")
        }
    }

    private func damaged(_ what: String) -> YtDlpError { YtDlpError(.captionsDamaged, detail: what) }
}
