internal import ArgumentParser
internal import Logging
internal import VidSift

/// Runs a move for a command: shows how far it is, and tells at the end what is on both sides.
struct MoveReport {
    let options: GlobalOptions

    /// - Parameter work: moves, calling the closure as it goes along.
    func run(
        to place: String,
        _ work: (_ onProgress: @escaping @Sendable (LibraryCopy.Progress) -> Void) async throws -> [LibraryCopy.Outcome]
    ) async throws {
        let progress = MoveProgress()
        defer { progress.clear() }
        let outcomes = try await work { progress.report($0) }
        progress.clear()
        try options.json ? writeJSON(outcomes) : writeTable(outcomes, to: place)
        let differing = outcomes.filter { !$0.isEqual }.map(\.source.name)
        guard differing.isEmpty else {
            Output.error(
                """
                \(differing.joined(separator: ", ")) differ: something else has written into the target meanwhile. \
                The same command again mends it.
                """)
            throw ExitCode.failure
        }
    }

    // MARK: - On the screen

    private func writeTable(_ outcomes: [LibraryCopy.Outcome], to place: String) throws {
        try Output.line(Self.line("table", "rows", "bytes", "written", "checksum"))
        for outcome in outcomes {
            let target = outcome.target
            try Output.line(
                Self.line(
                    target.name, "\(target.rows)", "\(target.bytes)", "\(outcome.written)",
                    target.checksum.prefix(Self.shownDigits) + (outcome.isEqual ? "" : " DIFFERS")))
        }
        guard outcomes.allSatisfy(\.isEqual) else { return }
        let rows = outcomes.reduce(0) { $0 + $1.target.rows }
        let written = outcomes.reduce(0) { $0 + $1.written }
        try Output.line(
            "\(rows) rows are in \(Clean.line(place)) as in the source; \(written == 0 ? "none" : "\(written)") had to be written"
        )
    }

    /// Digits of a checksum on the screen; in JSON there are all.
    private static let shownDigits = 16

    private static func line(
        _ name: String, _ rows: String, _ bytes: String, _ written: String, _ checksum: some StringProtocol
    ) -> String {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let padded = name + String(repeating: " ", count: max(0, 14 - name.count))
        return "\(padded) \(right(rows, 10)) \(right(bytes, 14)) \(right(written, 10))  \(checksum)"
    }

    // MARK: - JSON

    private func writeJSON(_ outcomes: [LibraryCopy.Outcome]) throws {
        try Output.document { json in
            json.object { json in
                json.field("equal", outcomes.allSatisfy(\.isEqual))
                json.key("tables")
                json.array(outcomes) { json, outcome in
                    json.object { json in
                        json.field("table", outcome.source.name)
                        json.field("written", outcome.written)
                        json.key("source")
                        outcome.source.write(to: &json)
                        json.key("target")
                        outcome.target.write(to: &json)
                    }
                }
            }
        }
    }
}

extension TableSummary {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("rows", rows)
            json.field("bytes", bytes)
            json.field("checksum", checksum)
        }
    }
}
