import Foundation
import TestDatabases
import Testing

/// A run of `crash-subject`, which lies beside the bundle of the tests. It ends at the latest with this object.
final class CrashSubject: Sendable {
    private let process: Process
    private let log: URL
    private let ended: AsyncStream<Void>

    static var binary: URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let runner = bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().appending(path: "crash-subject")
    }

    /// - Parameter input: what it reads.
    init(_ command: String, at place: TestDatabase, _ options: [String] = [], input: String = "") throws {
        log = FileManager.default.temporaryDirectory.appending(path: "crash-subject-\(UUID()).log")
        let reading = log.appendingPathExtension("in")
        try Data(input.utf8).write(to: reading)
        try Data().write(to: log)
        process = Process()
        process.executableURL = Self.binary
        process.arguments = [command, "--place", place.url ?? place.folder?.path ?? ""] + options
        process.standardInput = try FileHandle(forReadingFrom: reading)
        process.standardOutput = try FileHandle(forWritingTo: log)
        try FileManager.default.removeItem(at: reading)
        let (ended, end) = AsyncStream<Void>.makeStream()
        self.ended = ended
        process.terminationHandler = { _ in end.finish() }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        // What stays behind in the temporary folder does no harm.
        try? FileManager.default.removeItem(at: log)
    }

    func signal(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit status, or nil where it was killed.
    func end() async -> Int32? {
        for await _ in ended {}
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    /// What it has said so far with that word at the beginning of the line.
    func said(_ word: String) throws -> [String] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap { line in
            line.hasPrefix(word + " ") ? String(line.dropFirst(word.count + 1)) : nil
        }
    }

    /// Waits until it says that word.
    func wait(for word: String) async throws {
        try await eventually("crash-subject says \(word)") { try !said(word).isEmpty }
    }

    /// What a place holds that it must not, compared with what was accepted.
    static func faults(at place: TestDatabase, accepted: [String]) async throws -> [String] {
        let check = try CrashSubject("check", at: place, input: accepted.map { $0 + "\n" }.joined())
        let status = await check.end()
        let faults = try check.said("fault")
        try #require((status == 0) == faults.isEmpty, "the check ended with \(status ?? -1)")
        return faults
    }
}

extension TestEngine {
    /// A place where subjects can work.
    func makeCrashPlace() async throws -> TestDatabase {
        let place = try await makeDatabase(.library)
        try #require(await CrashSubject("prepare", at: place).end() == 0)
        return place
    }
}
