import Foundation
import Testing

@testable import Providers

@Suite("Any text")
struct LinkPropertyTests {
    static let roundTrips = 20_000
    static let mutations = 200_000
    static let hostPuzzles = 50_000

    @Test("that a link writes leads to the same link")
    func roundTrip() throws {
        var numbers = LinkGenerator(seed: 1)
        for _ in 0..<Self.roundTrips {
            let link = numbers.link()
            #expect(try YouTubeLink(link.canonicalURL) == link)
            #expect(try YouTubeLink(link.canonicalURL).canonicalURL == link.canonicalURL)
        }
    }

    @Test("is read without a crash, and gives nothing but ids of their own alphabet")
    func mutations() {
        var numbers = LinkGenerator(seed: 2)
        var read = 0
        for _ in 0..<Self.mutations {
            let text = numbers.mutated(numbers.pick(LinkForms.all).text)
            guard let link = try? YouTubeLink(text) else { continue }
            read += 1
            guard Self.isSound(link) else {
                Issue.record("\(text.debugDescription) gave \(link)")
                continue
            }
            #expect((try? YouTubeLink(link.canonicalURL)) == link, "\(text.debugDescription)")
        }
        // Some mutations leave a link as it was: the test would show nothing if none did, or all.
        #expect(read > Self.mutations / 20 && read < Self.mutations * 9 / 10)
    }

    @Test("is a link only with a host of YouTube's, by a second reading of the address")
    func hosts() {
        var numbers = LinkGenerator(seed: 3)
        var read = 0
        for _ in 0..<Self.hostPuzzles {
            let text = numbers.hostPuzzle()
            // A text that begins with @ is a handle, dots and all.
            guard text.first(where: { !$0.isWhitespace }) != "@", (try? YouTubeLink(text)) != nil else { continue }
            read += 1
            let host = Self.host(text)
            #expect(Self.hosts.contains(host), "\(text.debugDescription) was taken for \(host)")
        }
        #expect(read > 100)
    }

    private static let hosts: Set = [
        "youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "gaming.youtube.com",
        "youtube-nocookie.com", "www.youtube-nocookie.com", "youtu.be", "www.youtu.be",
    ]

    /// The host as the most lenient of readers would see it: what stands behind anything that may end what is before it.
    private static func host(_ text: String) -> String {
        var rest = text.trimmingCharacters(in: .whitespaces)[...]
        let head = rest.prefix { !"/?#\\".contains($0) }
        if head.isEmpty || head.last == ":", rest[head.endIndex...].hasPrefix("//") {
            rest = rest[head.endIndex...].dropFirst(2)
        }
        rest = rest.prefix { !"/?#\\".contains($0) }
        if let mark = rest.lastIndex(of: "@") { rest = rest[rest.index(after: mark)...] }
        if let colon = rest.firstIndex(of: ":") { rest = rest[..<colon] }
        return rest.lowercased()
    }

    private static func isSound(_ link: YouTubeLink) -> Bool {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        func isID(_ text: String) -> Bool { text.allSatisfy(alphabet.contains) }
        func isName(_ text: some StringProtocol) -> Bool {
            !text.isEmpty && !text.hasSuffix(".")
                && text.unicodeScalars.allSatisfy { scalar in
                    "_-.\u{B7}".unicodeScalars.contains(scalar) || scalar.properties.numericType != nil
                        || CharacterSet.letters.union(.nonBaseCharacters).contains(scalar)
                }
        }
        return switch link {
        case .video(let id, let start, let list):
            id.rawValue.count == 11 && isID(id.rawValue) && start.map { $0 > 0 } ?? true
                && list.map { isID($0.rawValue) } ?? true
        case .channel(let id): id.rawValue.count == 24 && id.rawValue.hasPrefix("UC") && isID(id.rawValue)
        case .playlist(let id): (18...64).contains(id.rawValue.count) && isID(id.rawValue)
        case .handle(let handle): isName(handle.rawValue.dropFirst()) && handle.rawValue.count <= 31
        case .user(let name), .customName(let name): isName(name.rawValue) && name.rawValue.count <= 100
        }
    }
}

/// Random links and texts, the same in each run (SplitMix64).
private struct LinkGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    // MARK: Links

    mutating func link() -> YouTubeLink {
        while true {
            let link: YouTubeLink? =
                switch Int.random(in: 0..<6, using: &self) {
                case 0:
                    YouTubeVideoID(rawValue: word(10) + String(pick(Array("AEIMQUYcgkosw048")))).map { id in
                        .video(
                            id,
                            startSeconds: Bool.random(using: &self) ? Int.random(in: 1...3_600_000, using: &self) : nil,
                            playlist: Bool.random(using: &self) ? list() : nil)
                    }
                case 1: YouTubeChannelID(rawValue: "UC" + channelTail()).map { .channel($0) }
                case 2: YouTubeHandle(rawValue: "@" + name(30)).map { .handle($0) }
                case 3: YouTubeName(rawValue: name(100)).map { .user($0) }
                case 4: YouTubeName(rawValue: name(100)).map { .customName($0) }
                default: list().map { .playlist($0) }
                }
            if let link { return link }
        }
    }

    private mutating func list() -> YouTubePlaylistID? {
        let text =
            switch Int.random(in: 0..<4, using: &self) {
            case 0: "PL" + word(16)
            case 1: "PL" + word(32)
            case 2: pick(["UU", "UULF", "UUSH", "FL"]) + channelTail()
            default: "OLAK5uy_" + word(33)
            }
        return YouTubePlaylistID(rawValue: text)
    }

    private mutating func channelTail() -> String { word(21) + String(pick(Array("AQgw"))) }

    private mutating func word(_ length: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        return String((0..<length).map { _ in pick(letters) })
    }

    private mutating func name(_ maximum: Int) -> String {
        let letters = Array(
            "abcXYZ019-_.\u{B7}\u{E9}\u{F1}\u{DF}\u{434}\u{416}\u{5D0}\u{627}\u{4E2D}\u{3042}\u{D55C}\u{939}")
        return String((0..<Int.random(in: 1...maximum, using: &self)).map { _ in pick(letters) })
    }

    // MARK: Texts

    private static let splices = [
        "/", "//", "\\", "@", ":", "?", "#", "&", "=", "%", "%2F", "%00", "%0A", "%252F", "..", ".", " ", "\t", "\n",
        "\u{0}",
        "\u{200B}", "\u{202E}", "\u{FEFF}", "\u{301}", "\u{1F600}", "\u{43E}", "https://", "evil.com", "youtube.com",
        "[", "]", ";", "'", "<", "v=", "list=", "t=", "UC", "PL", "xn--", "&amp;", "\u{FF20}", "\u{2044}",
    ]

    /// `text` with up to four things removed, added, doubled or exchanged.
    mutating func mutated(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let place = Int.random(in: 0...scalars.count, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0 where place < scalars.count: scalars.remove(at: place)
            case 1 where place < scalars.count: scalars[place] = Unicode.Scalar(UInt8.random(in: 0...255, using: &self))
            case 2: scalars.insert(contentsOf: pick(Self.splices).unicodeScalars, at: place)
            case 3:
                let end = Int.random(in: place...scalars.count, using: &self)
                scalars.insert(contentsOf: scalars[place..<end], at: place)
            default: scalars.removeLast(min(scalars.count, Int.random(in: 0...3, using: &self)))
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    /// An address whose host is put together from parts that confuse.
    mutating func hostPuzzle() -> String {
        let parts = [
            "youtube.com", "www.", "m.", "youtu.be", "evil.com", ".", "@", ":", ":80", ":443", "\\", "/", "//", "#",
            "?",
            "%40", "%2F", "user:pw@", "\u{43E}", "\u{3002}", "xn--", "\t", "[::1]", "127.0.0.1", "-nocookie", ";", "&",
        ]
        let host = (0..<Int.random(in: 1...4, using: &self)).map { _ in pick(parts) }.joined()
        return pick(["", "//", "http://", "https://", "HTTPS://", "ftp://", "https:"]) + host
            + pick(["/watch?v=dQw4w9WgXcQ", "/dQw4w9WgXcQ", "/@UCLA", "/c/x", ""])
    }
}
