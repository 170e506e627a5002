internal import Foundation
internal import Synchronization

/// A program that a test has started. It ends at the latest with the tests' own process.
public final class StartedProgram: Sendable {
    /// What it writes, errors included.
    let log: URL
    private let process: Process
    private let ended = Gate()

    /// Starts it.
    ///
    /// - Parameters:
    ///   - signal: what it gets when the tests' process ends.
    ///   - log: a file, which is added to.
    init(_ command: [String], log: URL, signalAtEnd signal: String = "TERM", environment: [String: String] = [:])
        async throws
    {
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = ["--pdeathsig", signal] + command
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"].merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        self.process = process
        self.log = log
        try await withCheckedThrowingContinuation { started in
            // The kernel sends the signal when the thread that has started the program ends: so that thread stays.
            let thread = Thread { [ended] in
                Self.unblockSignals()
                started.resume(with: Result { try process.run() })
                guard process.isRunning || process.processIdentifier != 0 else { return ended.open() }
                process.waitUntilExit()
                ended.open()
            }
            thread.name = "started program"
            thread.start()
        }
    }

    /// A program inherits what its starter blocks, and the threads of the tests block all signals.
    private static func unblockSignals() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    deinit {
        if !ended.isOpen { _ = Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { !ended.isOpen }
    var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    func signal(_ signal: CInt) {
        if isRunning { _ = Foundation.kill(pid, signal) }
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit status; that of a signal is not 0.
    @discardableResult
    func end() async -> Int32 {
        await ended.wait()
        return process.terminationStatus
    }

    /// Ends it with all that it has started, at once and without a warning to any of them.
    func killAll() async throws {
        let children = RunningProcess.all().filter { $0.parent == pid }
        signal(SIGKILL)
        for child in children { _ = Foundation.kill(child.pid, SIGKILL) }
        await end()
        try await eventually("the end of the processes that \(pid) has started") {
            RunningProcess.all().allSatisfy { running in !children.contains { $0.pid == running.pid } }
        }
    }

    /// Runs a program to its end.
    ///
    /// - Returns: what it has written, errors included.
    /// - Throws: `ProgramFailure`.
    @discardableResult
    static func run(_ command: [String], environment: [String: String] = [:]) async throws -> String {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: log) }
        let program = try await StartedProgram(command, log: log, environment: environment)
        guard await program.end() == 0 else { throw ProgramFailure(command: command, output: program.output) }
        return program.output
    }
}

/// A program of a test that did not do what it was started for.
struct ProgramFailure: Error, CustomStringConvertible {
    var command: [String]
    var output: String
    var description: String { "\(command.joined(separator: " ")) failed: \(output)" }
}

/// The user as whom the servers of the tests run: PostgreSQL and pgbouncer refuse root.
enum ServerUser {
    static let name = ProcessInfo.processInfo.environment["VIDSIFT_TEST_POSTGRES_USER"].flatMap {
        $0.isEmpty ? nil : $0
    }
    static let isRoot = geteuid() == 0

    /// Why no server can be started, nil if one can.
    static var absence: String? {
        isRoot && name == nil ? "VIDSIFT_TEST_POSTGRES_USER is not set: PostgreSQL refuses root" : nil
    }

    /// The command as that user: what `setpriv`, which starts every program here, is told before it.
    static func command(_ command: [String]) -> [String] {
        guard isRoot, let name else { return command }
        return ["--reuid=\(name)", "--regid=\(name)", "--clear-groups", "--no-new-privs"] + command
    }

    /// Gives files to that user.
    static func own(_ files: [URL]) async throws {
        guard isRoot, let name else { return }
        try await StartedProgram.run(["chown", "\(name):\(name)"] + files.map(\.path))
    }
}

/// A process as the kernel lists it.
private struct RunningProcess {
    let pid: Int32
    let parent: Int32

    /// All but those that have ended and are still listed.
    static func all() -> [RunningProcess] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { pid in
            // The name, in brackets, may contain anything.
            guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let bracket = line.lastIndex(of: ")")
            else { return nil }
            let fields = line[line.index(after: bracket)...].split(separator: " ")
            guard fields.count > 1, fields[0] != "Z", let parent = Int32(fields[1]) else { return nil }
            return RunningProcess(pid: pid, parent: parent)
        }
    }
}
