internal import Foundation
internal import Synchronization

/// One line on standard error that shows how far a work has come, where that is a terminal; else nothing.
final class ProgressLine: Sendable {
    /// Columns of the bar itself.
    private static let barWidth = 24
    /// The line is drawn again only when it has changed by this much, 0...1.
    private static let smallestStep = 0.005

    private struct State {
        var label = ""
        var drawn: Double?
    }

    private let terminal: Terminal
    private let state = Mutex(State())

    init(_ terminal: Terminal = .current) {
        self.terminal = terminal
    }

    /// Begins something new at 0.
    func begin(_ label: String) {
        guard terminal.showsProgress else { return }
        state.withLock { $0 = State(label: Clean.line(label), drawn: nil) }
        report(0)
    }

    /// - Parameter fraction: 0...1.
    func report(_ fraction: Double) {
        guard terminal.showsProgress else { return }
        state.withLock { state in
            if let drawn = state.drawn, fraction < 1, abs(fraction - drawn) < Self.smallestStep { return }
            state.drawn = fraction
            Output.standardError("\r\u{1B}[K" + line(state.label, fraction))
        }
    }

    /// - Parameters:
    ///   - fraction: 0...1.
    ///   - label: what is under way by now.
    func report(_ fraction: Double, label: String) {
        state.withLock { state in
            let label = Clean.line(label)
            if label != state.label { state = State(label: label, drawn: nil) }
        }
        report(fraction)
    }

    /// Wipes the line, so that others can be written.
    func clear() {
        guard terminal.showsProgress else { return }
        state.withLock { state in
            if state.drawn != nil { Output.standardError("\r\u{1B}[K") }
            state.drawn = nil
        }
    }

    private func line(_ label: String, _ fraction: Double) -> String {
        let full = Int((min(1, max(0, fraction)) * Double(Self.barWidth)).rounded())
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.barWidth - full)
        let percent = "\(Int(fraction * 100)) %"
        let room = terminal.width - Self.barWidth - percent.count - 3
        return "\(bar) \(percent)" + (room > 0 ? " \(label.prefix(room))" : "")
    }
}
