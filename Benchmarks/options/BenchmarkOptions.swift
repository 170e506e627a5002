internal import Foundation

/// The options of a benchmark's command line: `--name value`. Each that is asked for is needed; what is wrong ends the
/// program with its usage.
package struct BenchmarkOptions: Sendable {
    private var values: [String: String] = [:]
    private let usage: String

    /// - Parameter usage: how the program is called, in one line.
    package init(_ words: some Sequence<String>, usage: String) {
        self.usage = usage
        var words = Array(words)[...]
        while let name = words.popFirst(), name.hasPrefix("--"), let value = words.popFirst() {
            values[String(name.dropFirst(2))] = value
        }
        if !words.isEmpty { endWithUsage() }
    }

    package func text(_ name: String) -> String {
        guard let value = values[name] else { endWithUsage() }
        return value
    }

    package func number(_ name: String, atLeast least: Int = 1) -> Int {
        guard let number = Int(text(name)), number >= least else { endWithUsage() }
        return number
    }

    /// Says how the program is called, with the exit code of a wrong call.
    package func endWithUsage() -> Never {
        FileHandle.standardError.write(Data("usage: \(usage) (see main.swift)\n".utf8))
        exit(64)
    }
}
