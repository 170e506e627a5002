internal import ArgumentParser
internal import Database
internal import Foundation
internal import VidSift

/// Compares what a place holds with what was accepted, line by line on the standard input: `kind:subject`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compares what a place holds with what was accepted.")

    @OptionGroup var place: Place

    func run() async throws {
        var accepted: Set<String> = []
        while let line = readLine() { accepted.insert(line) }
        let database = try await place.open()
        let ledger = try await Ledger(accepted: accepted, on: database)
        try await database.close()
        for fault in ledger.faults { Announcement.say("fault", fault) }
        Announcement.say(
            "figures", "accepted=\(accepted.count)", "effects=\(ledger.effects.count)", "ended=\(ledger.archive.count)",
            "lost-attempts=\(ledger.attempts.filter { $0.outcome == .lost }.count)", "faults=\(ledger.faults.count)")
        guard ledger.faults.isEmpty else { throw ExitCode.failure }
    }
}
