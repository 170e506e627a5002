import Database
import Foundation
import Testing

@Suite("vidsift as a process")
struct ProcessTests {
    @Test("help and version go to standard output, wrong use to standard error with code 64")
    func usage() async throws {
        let vidsift = try Vidsift()

        let version = try await vidsift.run("--version")
        let help = try await vidsift.run("help")
        let unknown = try await vidsift.run("list", "--nonsense")
        let missing = try await vidsift.run("add")

        #expect(version.status == 0 && version.output.first?.isNumber == true && version.errors.isEmpty)
        #expect(help.status == 0 && help.output.contains("serve") && help.errors.isEmpty)
        #expect(unknown.status == 64 && unknown.output.isEmpty && unknown.errors.hasPrefix("error: "))
        #expect(missing.status == 64 && missing.errors.hasPrefix("error: "))
    }

    @Test("global options are taken before the command, too")
    func leadingOptions() async throws {
        let vidsift = try Vidsift()
        let other = vidsift.folder.appending(path: "other").path

        let result = try await vidsift.run("--data-dir", other, "--json", "list")

        #expect(result.status == 0 && result.output == "{\"videos\":[]}\n", "\(result)")
        #expect(FileManager.default.fileExists(atPath: other + "/vidsift.sqlite"))
    }

    @Test("a reader that leaves early ends the program quietly")
    func closedPipe() async throws {
        let vidsift = try Vidsift()
        let sentences = (0..<20_000).map { "This is sentence number \($0) of a very long talk about the harbour." }
        try vidsift.writeCaptions(sentences, to: "long.vtt")
        try await vidsift.run("add", "long.vtt")

        let result = try await vidsift.shell("$VIDSIFT transcript long --format vtt | head -1; echo ${PIPESTATUS[0]}")

        #expect(result.lines.count == 2 && result.output.hasPrefix("WEBVTT") && result.output.hasSuffix("\n0\n"))
        #expect(result.errors.isEmpty, "\(result.errors)")
    }

    @Test("all that is wrong with the settings is told at once")
    func settings() async throws {
        let vidsift = try Vidsift()

        let result = try await vidsift.run("list", environment: ["PORT": "many", "LOG_LEVEL": "loud"])
        let open = try await vidsift.run("serve", "--host", "0.0.0.0")

        #expect(result.status == 1 && result.errors.contains("PORT=many") && result.errors.contains("LOG_LEVEL=loud"))
        #expect(open.status == 1 && open.errors.contains("HOST=0.0.0.0"))
    }

    @Test("a database of a newer version, and what is no database, are refused in a line and left alone")
    func foreignDatabases() async throws {
        let newer = try Vidsift()
        try await newer.run("list")
        let path = newer.data.appending(path: "vidsift.sqlite").path
        let database = try await Database.sqlite(at: path)
        try await database.execute(
            "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('999_future', 'x', now())")
        try await database.close()
        let garbage = try Vidsift()
        try garbage.write(Data(repeating: 0x5A, count: 8192), to: "data/vidsift.sqlite")

        for (vidsift, words) in [(newer, "newer version"), (garbage, "database")] {
            let list = try await vidsift.run("list")
            let doctor = try await vidsift.run("doctor")

            #expect(list.status == 1 && list.output.isEmpty)
            #expect(list.errors.hasPrefix("error: ") && list.errors.contains(words), "\(list.errors)")
            #expect(list.errors.split(separator: "\n").count == 1, "\(list.errors)")
            #expect(doctor.status == 1 && doctor.output.contains("broken"), "\(doctor.output)")
        }
        let left = try Data(contentsOf: garbage.data.appending(path: "vidsift.sqlite"))
        #expect(left == Data(repeating: 0x5A, count: 8192))
    }

    @Test("doctor finds a library in order, and changes nothing where there is none")
    func doctor() async throws {
        let vidsift = try Vidsift()

        let before = try await vidsift.run("doctor")
        #expect(before.status == 0 && !FileManager.default.fileExists(atPath: vidsift.data.path), "\(before)")
        try vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        try await vidsift.run("add", "a.vtt")
        let after = try await vidsift.run("doctor", "--json")

        #expect(after.status == 0)
        let findings = try after.list("findings")
        let states = Dictionary(
            findings.map { ($0["subject"] as? String ?? "", $0["state"] as? String ?? "") }, uniquingKeysWith: { $1 })
        #expect(states["embedding model"] == "warning")
        #expect(states["schema"] == "fine" && states["quick check"] == "fine" && states["library"] == "fine")
        #expect(findings.contains { ($0["detail"] as? String)?.contains("1 videos") == true })
    }

    @Test("one server a folder: the second says so and ends, the first ends on SIGTERM")
    func twoServers() async throws {
        let vidsift = try Vidsift()
        let first = try vidsift.start("serve", "--port", "0")
        try #require(await first.prints("Serving on http://127.0.0.1:"))

        let second = try await vidsift.run("serve", "--port", "0")
        let doctor = try await vidsift.run("doctor")
        first.signal(SIGTERM)
        let end = try await first.end()

        #expect(second.status == 1 && second.errors.contains("another `vidsift serve`"), "\(second.errors)")
        #expect(doctor.output.contains("is using the folder"))
        #expect(end.status == 0, "\(end.errors)")
    }

    @Test("a port that is taken is told in a line")
    func portTaken() async throws {
        let one = try Vidsift()
        let other = try Vidsift()
        let first = try one.start("serve", "--port", "0", "--json")
        try #require(await first.prints("}"))
        let port = try #require(first.output.split(separator: ":").last?.prefix { $0.isNumber })

        let second = try await other.run("serve", "--port", String(port))
        first.signal(SIGINT)
        let end = try await first.end()

        #expect(second.status == 1)
        #expect(second.errors.contains("error: port \(port) is in use"), "\(second.errors)")
        #expect(end.status == 0, "\(end.errors)")
    }
}
