internal import Synchronization
internal import VidSift

/// One line on the terminal for a move: which table, and how much of it.
final class MoveProgress: Sendable {
    private let line = ProgressLine()
    private let label = Mutex("")

    func report(_ progress: LibraryCopy.Progress) {
        let text = "\(progress.step.rawValue) \(progress.table.replacing("_", with: " "))"
        let isNew = label.withLock { label in
            defer { label = text }
            return label != text
        }
        if isNew { line.begin(text) }
        line.report(progress.of == 0 ? 1 : Double(progress.rows) / Double(progress.of))
    }

    func clear() { line.clear() }
}
