/// What people paste has things around it that nobody sees, or that belong to the sentence it stood in.
enum PastedText {
    /// `text` without blanks, invisible characters (of width zero, of writing direction), quotes, brackets, and the
    /// marks that end a sentence, at both ends.
    static func core(of text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, isBlank(first) || openers.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) || closers.contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// The first character that an address can't have in its middle.
    static func forbidden(in text: String) -> Unicode.Scalar? {
        text.unicodeScalars.first { $0 == "\\" || isBlank($0) }
    }

    private static let openers: Set<Unicode.Scalar> = ["<", "\"", "'", "“", "‘", "„", "«", "(", "["]
    private static let closers: Set<Unicode.Scalar> = [
        ">", "\"", "'", "”", "’", "“", "»", ")", "]", ".", ",", ";", "!",
    ]

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
