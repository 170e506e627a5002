import Foundation
import Testing

@testable import Providers

/// Each script holds a life line: when it is cut, the script and all that it started are dead.
@Suite("The end of a program", .timeLimit(.minutes(2)))
struct ChildEndTests {
    /// Long enough for a shell to begin on a busy machine.
    static let shortTime = ChildProcess.Limits(time: .seconds(2), outputBytes: 1000)
    static let longTime = ChildProcess.Limits(time: .seconds(100), outputBytes: 1000)

    let line: LifeLine
    let shell = ChildProcess(program: "sh", environment: nil, grace: .milliseconds(200))

    init() throws { line = try LifeLine() }

    private func script(_ text: String) -> [String] { ["-c", "exec 3>\(line.path); " + text] }

    @Test(
        "a program that hangs is killed with its children when the time is up",
        arguments: [
            "sleep 1000 & echo started; wait", "sleep 1000 & exec >&- 2>&-; wait",
            "(sleep 1000 & sleep 1000) & sleep 1000", "yes >&2",
        ])
    func timeIsUp(_ text: String) async throws {
        await #expect(throws: ProcessError.tookTooLong(Self.shortTime.time)) {
            try await shell.run(script(text), limits: Self.shortTime)
        }
        #expect(line.isCut())
    }

    @Test(
        "one that won't listen is killed after the grace, and so are its children",
        arguments: [
            "trap '' TERM; while :; do sleep 1000; done", "sh -c \"trap '' TERM; while :; do sleep 1000; done\" & wait",
        ])
    func wontListen(_ text: String) async throws {
        await #expect(throws: ProcessError.tookTooLong(Self.shortTime.time)) {
            try await shell.run(script(text), limits: Self.shortTime)
        }
        #expect(line.isCut())
    }

    @Test("one that cleans up when asked to end can do so")
    func cleansUp() async throws {
        struct Enough: Error {}
        let gentle = ChildProcess(program: "sh", environment: nil, grace: .seconds(50))
        await #expect(throws: Enough.self) {
            // The cleaning writes to the life line's own folder.
            let text = "trap 'touch \(line.path).clean; exit 0' TERM; echo ready; sleep 1000 & wait"
            _ = try await gentle.run(script(text), limits: Self.longTime) { _ in throw Enough() }
        }
        #expect(FileManager.default.fileExists(atPath: line.path + ".clean"))
        #expect(line.isCut())
    }

    @Test("what it leaves behind dies with it, and nobody waits for that", arguments: ["", ">&- 2>&-"])
    func leftBehind(_ redirection: String) async throws {
        let result = try await shell.run(script("sleep 1000 \(redirection) & echo done; exit 3"), limits: Self.longTime)

        #expect(result.exitCode == 3)
        #expect(result.output == Array("done\n".utf8))
        #expect(line.isCut())
    }

    @Test("a program that closes its output is waited for")
    func closesItsOutput() async throws {
        let result = try await shell.run(script("exec >&- 2>&-; sleep 0.2; exit 5"), limits: Self.longTime)
        #expect(result.exitCode == 5)
    }

    @Test("cancelling the task kills the program and its children")
    func cancelled() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let arguments = script("sleep 1000 & echo started; wait")
        let task = Task { [shell] in
            try await shell.run(arguments, limits: Self.longTime) { _ in start.finish() }
        }
        for await _ in started {}
        task.cancel()

        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(line.isCut())
    }

    @Test("a task that is cancelled already starts nothing")
    func cancelledBefore() async throws {
        let touched = line.path + ".touched"
        let task = Task { [shell] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await shell.run(["-c", "touch \(touched)"], limits: Self.longTime)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!FileManager.default.fileExists(atPath: touched))
    }

    @Test("a hundred runs at once leave no zombie and no descriptor")
    func hundredRuns() async throws {
        // What the first run sets up stays.
        _ = try await shell.run(["-c", "exit 0"], limits: Self.longTime)
        let before = OwnProcesses.pipes()

        let codes = await withTaskGroup(of: Int32?.self) { group in
            for number in 0..<100 {
                // A third ends by itself, a third in time, a third is missing.
                let program = number % 3 == 2 ? ChildProcess(program: "/no/such/program") : shell
                let limits = number % 3 == 1 ? Self.shortTime : Self.longTime
                let ended = "sleep 0.1 & echo \(number); wait; exit \(number)"
                let arguments = script(number % 3 == 1 ? "sleep 1000 & wait" : ended)
                group.addTask { try? await program.run(arguments, limits: limits).exitCode }
            }
            var codes: [Int32?] = []
            for await code in group { codes.append(code) }
            return codes
        }

        #expect(Set(codes.compactMap(\.self)) == Set((0..<100).filter { $0 % 3 == 0 }.map(Int32.init)))
        #expect(codes.count(where: { $0 == nil }) == 66)
        #expect(line.isCut())
        // Other tests of this process may be running programs, too; what leaks stays.
        #expect(try await OwnProcesses.settle { OwnProcesses.zombies() == [] }, "\(OwnProcesses.zombies())")
        #expect(try await OwnProcesses.settle { OwnProcesses.pipes() <= before })
    }
}

/// What this test process holds, as the system tells.
enum OwnProcesses {
    private static let patience = Duration.seconds(60)

    /// Looks until it is so; false when it never is.
    static func settle(_ isSo: () -> Bool) async throws -> Bool {
        let start = ContinuousClock.now
        while !isSo() {
            guard ContinuousClock.now - start < patience else { return false }
            try await Task.sleep(for: .milliseconds(10))
        }
        return true
    }

    /// The names of children that ended and were not collected.
    static func zombies() -> [String] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return numbers.compactMap { number -> String? in
            guard Int(number) != nil,
                let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
                let name = text.split(separator: ")").first, let rest = text.split(separator: ")").last
            else { return nil }
            let fields = rest.split(separator: " ")
            guard fields.count > 1, fields[0] == "Z", Int32(fields[1]) == getpid() else { return nil }
            return String(name)
        }
    }

    /// The descriptors that running programs need: pipes, and handles of processes.
    static func pipes() -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let targets = names.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        return targets.count { $0.hasPrefix("pipe:") || $0.contains("pidfd") || $0 == "/dev/null" }
    }
}
