internal import Foundation

/// The name by which a channel is known today: `@` and up to 30 letters, digits, underscores, hyphens and dots of any
/// script. Names that differ in capitals are the same to YouTube; they are kept as written.
public struct YouTubeHandle: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name with its `@`, composed (Unicode's NFC).
    public let rawValue: String

    /// The most characters behind the `@`.
    public static let maximumLength = 30

    /// Nil for anything that can't be a handle, a name without `@` among it.
    public init?(rawValue: String) {
        guard rawValue.first == "@",
            let name = ChannelName.checked(rawValue.dropFirst(), maximumLength: Self.maximumLength)
        else { return nil }
        self.rawValue = "@" + name
    }

    /// The name with its `@`.
    public var description: String { rawValue }
}

/// An older name of a channel, as it stands behind `/user/` or `/c/`.
public struct YouTubeName: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name, composed (Unicode's NFC).
    public let rawValue: String

    /// The most characters.
    public static let maximumLength = 100

    /// Nil for anything that can't be such a name.
    public init?(rawValue: String) {
        guard let name = ChannelName.checked(rawValue[...], maximumLength: Self.maximumLength) else { return nil }
        self.rawValue = name
    }

    /// The name itself.
    public var description: String { rawValue }
}

/// What all names of channels have in common.
enum ChannelName {
    /// A character may be many code points: those are limited, too.
    private static let scalarsPerCharacter = 4

    /// `text`, composed, where it can be a name.
    static func checked(_ text: Substring, maximumLength: Int) -> String? {
        guard text.unicodeScalars.count <= maximumLength * scalarsPerCharacter else { return nil }
        let name = String(text).precomposedStringWithCanonicalMapping
        guard (1...maximumLength).contains(name.count), name.unicodeScalars.allSatisfy(isAllowed),
            name.unicodeScalars.contains(where: isLetterOrDigit), name.unicodeScalars.first.map(isMark) == false,
            // A dot there belongs to the sentence that the name stands in.
            name.last != "."
        else { return nil }
        return name
    }

    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        // U+00B7 is the middle dot of Catalan words.
        scalar == "_" || scalar == "-" || scalar == "." || scalar == "\u{B7}" || isLetterOrDigit(scalar)
            || isMark(scalar)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }
}
