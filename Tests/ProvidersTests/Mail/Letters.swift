import Foundation

@testable import Providers

/// Messages for the tests, and random ones.
enum Letters {
    /// The morning of the first Monday of Advent in 2026.
    static let date = Date(timeIntervalSince1970: 1_795_402_092)

    static func message(
        to: String = "reader@example.com", subject: String = "Your channel is ready", text: String = "All 20 videos.\n",
        html: MailHTML? = nil, unsubscribe: String? = nil, id: String = "0193f0a2"
    ) throws -> MailMessage {
        try MailMessage(
            from: Mailbox("VidSift <noreply@vidsift.example>"), to: Mailbox(to), subject: subject, text: text,
            html: html,
            unsubscribe: unsubscribe.map { try WebLink($0) }, id: MessageID(unique: id, domain: "vidsift.example"),
            date: date)
    }

    /// A message whose every part is what nobody would think of.
    static func random(_ number: Int, using numbers: inout RandomNumbers) throws -> MailMessage {
        let html = MailDocument([
            .heading(line(0...30, &numbers)),
            .paragraph([.text(text(0...300, &numbers)), .strong(line(0...9, &numbers))]),
        ])
        return try MailMessage(
            from: Mailbox(name: name(0...40, &numbers), address: MailAddress("no-reply@vidsift.example")),
            to: Mailbox(name: name(0...10, &numbers), address: MailAddress("r.e+ader@bücher.example")),
            subject: line(0...120, &numbers), text: text(0...600, &numbers), html: number % 4 == 0 ? nil : html.html,
            unsubscribe: number % 3 == 0 ? WebLink("https://vidsift.example/u?t=\(number)&x=%20") : nil,
            id: MessageID(unique: "fuzz.\(number)", domain: "vidsift.example"),
            date: Date(timeIntervalSince1970: Double(Int.random(in: 0...4_000_000_000, using: &numbers))))
    }

    private static let pieces = [
        "a", "word", "Ready", "the channel", " ", "  ", "\"", "\\", "<", ">", "(", ")", ",", ";", ":", "@", "=", "?",
        "_", "=?",
        "?=", "=?UTF-8?Q?caf=C3=A9?=", "=20", "&amp;", "</p>", ".", "..", "-", "--", "'", "é", "e\u{301}", "ß", "日本語",
        "안녕",
        "שלום", "مرحبا", "👩‍👩‍👧‍👦", "🇩🇪", "\u{200b}", "\u{feff}",
        "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
        String(repeating: "long", count: 30), String(repeating: "ü", count: 70), "http://example.com/?a=b&c=d",
    ]
    private static let breaks = [
        "\n", "\r\n", "\n\n", "\n.", "\n..\n", "\nFrom ", "\n--", " \n", "\t\n", "\t", "\n.\n",
        String(repeating: "x", count: 1200),
    ]

    private static func name(_ count: ClosedRange<Int>, _ numbers: inout RandomNumbers) -> String {
        String(String.UnicodeScalarView(line(count, &numbers).unicodeScalars.prefix(Mailbox.maximumName)))
    }

    /// Text for a header.
    private static func line(_ count: ClosedRange<Int>, _ numbers: inout RandomNumbers) -> String {
        let count = Int.random(in: count, using: &numbers)
        return (0..<count / 2).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
    }

    /// Text for a body.
    private static func text(_ count: ClosedRange<Int>, _ numbers: inout RandomNumbers) -> String {
        let count = Int.random(in: count, using: &numbers)
        return (0..<count / 4).map { _ in
            (Bool.random(using: &numbers) ? pieces : breaks).randomElement(using: &numbers) ?? ""
        }.joined()
    }
}

/// Random numbers that are the same in each run (SplitMix64), so that what is found once is found again.
struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
