internal import Foundation

/// What a subject tells whoever has started it. A line is one `write(2)`: once it is out, no kill takes it back.
enum Announcement {
    static func say(_ words: String...) {
        let line = Array((words.joined(separator: " ") + "\n").utf8)
        // Whoever listens may have gone; then nobody is told.
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
