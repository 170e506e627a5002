internal import Foundation

/// What the two outputs can show.
struct Terminal: Sendable {
    /// Whether results go to a person's screen.
    let isInteractive: Bool
    /// Whether standard error does.
    let showsProgress: Bool
    /// Whether results may carry colour and emphasis.
    let hasStyle: Bool
    /// Whether results may carry links that can be clicked.
    let hasLinks: Bool
    /// Columns of the screen.
    let width: Int

    static let current = Terminal()

    private init() {
        let environment = ProcessInfo.processInfo.environment
        let isDumb = environment["TERM"] == "dumb"
        isInteractive = isatty(STDOUT_FILENO) == 1
        showsProgress = isatty(STDERR_FILENO) == 1 && !isDumb
        hasLinks = isInteractive && !isDumb
        hasStyle = hasLinks && environment["NO_COLOR", default: ""].isEmpty
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isKnown ? Int(size.ws_col) : 80
    }

    /// The text as a link that can be clicked (OSC 8); as it is where links can't be shown.
    func link(_ text: String, to url: String) -> String {
        guard hasLinks else { return text }
        return "\u{1B}]8;;\(Clean.line(url))\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
    }

    func strong(_ text: String) -> String { style(text, 1, 22) }
    func dim(_ text: String) -> String { style(text, 2, 22) }
    func green(_ text: String) -> String { style(text, 32, 39) }
    func yellow(_ text: String) -> String { style(text, 33, 39) }
    func red(_ text: String) -> String { style(text, 31, 39) }

    private func style(_ text: String, _ on: Int, _ off: Int) -> String {
        hasStyle ? "\u{1B}[\(on)m\(text)\u{1B}[\(off)m" : text
    }

    /// Asks a question that is answered by yes or no; anything but yes is no.
    func confirms(_ question: String) -> Bool {
        Output.standardError("\(Clean.line(question)) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased().trimmingCharacters(in: .whitespaces))
    }

    /// Whether somebody sits there who can be asked.
    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }
}

/// Text of transcripts and titles is data: it must not move the cursor, change the title of the window or turn lines
/// around.
enum Clean {
    /// Without control characters, except for line ends and tabs.
    static func text(_ text: String) -> String {
        filter(text) { $0 == "\n" || $0 == "\t" }
    }

    /// In one line, without control characters.
    static func line(_ text: String) -> String {
        filter(text.replacing("\r\n", with: " ").replacing("\n", with: " ").replacing("\t", with: " ")) { _ in false }
    }

    private static func filter(_ text: String, keeping: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) && !keeping($0) }) else { return text }
        var clean = String.UnicodeScalarView()
        clean.append(contentsOf: text.unicodeScalars.filter { !isControl($0) || keeping($0) })
        return String(clean)
    }

    /// C0, DEL, C1, and the marks that reverse the direction of what follows.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
