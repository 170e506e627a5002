import Foundation
import Testing

@testable import Providers

@Suite("A program is run", .timeLimit(.minutes(2)))
struct ChildProcessTests {
    static let limits = ChildProcess.Limits(time: .seconds(60), outputBytes: 1 << 20)
    let shell = ChildProcess(program: "sh")

    @Test("what it writes and its exit code come back")
    func outputAndExitCode() async throws {
        let result = try await shell.run(["-c", "echo out; echo err >&2; exit 7"], limits: Self.limits)

        #expect(result.exitCode == 7)
        #expect(result.signal == nil)
        #expect(result.output == Array("out\n".utf8))
        #expect(result.errors == "err\n")
    }

    @Test("a program that a signal ended says which, and counts as shells count")
    func endedBySignal() async throws {
        let result = try await shell.run(["-c", "kill -9 $$"], limits: Self.limits)

        #expect(result.signal == 9)
        #expect(result.exitCode == 137)
    }

    @Test("no shell reads the arguments", arguments: ["$(id)", "; id", "a  b", "", "-n", "*", "ö\n'\""])
    func argumentsAsTheyAre(_ argument: String) async throws {
        let result = try await ChildProcess(program: "printf").run(["%s|", argument], limits: Self.limits)

        #expect(String(decoding: result.output, as: UTF8.self) == argument + "|")
    }

    @Test("its standard input is empty")
    func standardInputIsEmpty() async throws {
        #expect(try await ChildProcess(program: "cat").run([], limits: Self.limits).output == [])
    }

    @Test("it runs in the folder that is named, and a relative path to it still means ours")
    func folder() async throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        let ours = FileManager.default.currentDirectoryPath
        let up = String(repeating: "../", count: ours.split(separator: "/").count)

        let result = try await ChildProcess(program: "\(up)bin/sh").run(["-c", "pwd"], in: folder, limits: Self.limits)

        #expect(String(decoding: result.output, as: UTF8.self) == folder + "\n")
    }

    @Test(
        "a program that is not there is an error that names it",
        arguments: ["no-such-program-here", "/no/such/program", "/etc/passwd", "/tmp"])
    func missingProgram(_ program: String) async throws {
        await #expect(throws: ProcessError.notFound(program)) {
            try await ChildProcess(program: program).run([], limits: Self.limits)
        }
    }

    @Test("a folder that is not there is another error")
    func missingFolder() async throws {
        let error = await #expect(throws: ProcessError.self) {
            try await shell.run(["-c", "pwd"], in: "/no/such/folder", limits: Self.limits)
        }
        guard case .notStarted("sh", _) = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test("of our environment it sees what is on the list, and no key")
    func environment() async throws {
        let allowed = ["PATH": "/bin", "HTTPS_PROXY": "http://proxy"]
        let keys = ["OPENAI_API_KEY": "sk", "DATABASE_URL": "postgres://x", "BACKEND_API_KEY": "k", "path": "/"]
        #expect(ChildEnvironment.allowed(of: allowed.merging(keys) { $1 }) == allowed)

        let result = try await ChildProcess(program: "env").run([], limits: Self.limits)
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        let names = Set(lines.compactMap { $0.split(separator: "=", maxSplits: 1).first.map(String.init) })
        // The tests themselves run with variables that must not get through.
        #expect(ProcessInfo.processInfo.environment.keys.contains { !ChildEnvironment.allowed.contains($0) })
        #expect(names.contains("PATH"))
        #expect(names.isSubset(of: ChildEnvironment.allowed))
    }

    @Test("an environment of its own is all that it sees")
    func ownEnvironment() async throws {
        let program = ChildProcess(program: "/usr/bin/env", environment: ["ONLY": "this"])
        #expect(try await program.run([], limits: Self.limits).output == Array("ONLY=this\n".utf8))
    }

    @Test("it holds none of our descriptors")
    func descriptors() async throws {
        let result = try await shell.run(["-c", "ls /proc/self/fd | wc -l"], limits: Self.limits)
        // Input, output, errors, and the one that `ls` reads the folder with.
        #expect(String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) == "4")
    }
}

@Suite("The output of a program")
struct ChildOutputTests {
    let shell = ChildProcess(program: "sh")

    @Test("endless output ends the program", .timeLimit(.minutes(1)))
    func endlessOutput() async throws {
        let limits = ChildProcess.Limits(time: .seconds(60), outputBytes: 1 << 20)
        await #expect(throws: ProcessError.tooMuchOutput(1 << 20)) {
            try await ChildProcess(program: "yes").run([], limits: limits)
        }
    }

    @Test("output of exactly the limit is no error")
    func exactlyTheLimit() async throws {
        let limits = ChildProcess.Limits(time: .seconds(60), outputBytes: 100_000)
        #expect(try await shell.run(["-c", "head -c 100000 /dev/zero"], limits: limits).output.count == 100_000)
    }

    @Test("of long error output the end is kept, from a whole character on")
    func longErrors() async throws {
        let limits = ChildProcess.Limits(time: .seconds(60), outputBytes: 0, errorBytes: 1000)
        let script = "i=0; while [ $i -lt 3000 ]; do echo ääääääääää >&2; i=$((i+1)); done; echo last >&2"
        let errors = try await shell.run(["-c", script], limits: limits).errors

        #expect(errors.hasSuffix("ä\nlast\n"))
        #expect((998...1000).contains(errors.utf8.count))
        #expect(!errors.contains("\u{FFFD}"))
    }

    @Test("pieces come in order, one at a time, and are the whole")
    func pieces() async throws {
        let seen = SeenPieces()
        let limits = ChildProcess.Limits(time: .seconds(60), outputBytes: 10 << 20)
        let result = try await shell.run(["-c", "seq 1 500000"], limits: limits) { await seen.take($0) }

        let expected = (1...500_000).map(String.init).joined(separator: "\n") + "\n"
        #expect(result.output.isEmpty)
        #expect(await seen.bytes == Array(expected.utf8))
        #expect(await !seen.overlapped)
    }

    @Test("what the receiver throws ends the program and is thrown")
    func receiverThrows() async throws {
        struct Enough: Error {}
        let line = try LifeLine()
        let limits = ChildProcess.Limits(time: .seconds(60), outputBytes: .max)
        await #expect(throws: Enough.self) {
            try await shell.run(["-c", "exec 3>\(line.path); yes"], limits: limits) { _ in throw Enough() }
        }
        #expect(line.isCut())
    }

    private actor SeenPieces {
        var bytes: [UInt8] = []
        var overlapped = false
        private var isTaking = false

        func take(_ piece: ArraySlice<UInt8>) async {
            overlapped = overlapped || isTaking
            isTaking = true
            // Others would get in here.
            await Task.yield()
            bytes += piece
            isTaking = false
        }
    }
}
