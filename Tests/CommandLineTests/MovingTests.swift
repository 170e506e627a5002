import Database
import Foundation
import TestDatabases
import Testing

@Suite("vidsift copy, export and import", .timeLimit(.minutes(2)))
struct MovingTests {
    private func library() async throws -> Vidsift {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.bread, to: "bread.vtt")
        try vidsift.writeCaptions(Vidsift.tides, to: "tides.vtt")
        let added = try await vidsift.run("add", "bread.vtt", "tides.vtt", "--channel", "talks")
        try #require(added.status == 0, "\(added.errors)")
        return vidsift
    }

    @Test(
        "a library is copied and says what is on both sides; then there is nothing left to do",
        arguments: TestEngine.allCases)
    func copies(engine: TestEngine) async throws {
        let vidsift = try await library()
        let target = try Target(engine, database: try await engine.makeDatabase())

        let first = try await vidsift.copy(to: target)
        let second = try await vidsift.copyInJSON(to: target)
        let answer = try await vidsift.run(
            "ask", "Which machine predicted the tide?", environment: target.asLibrary)

        #expect(first.status == 0 && first.errors.isEmpty, "\(first)")
        #expect(first.lines.first?.hasPrefix("table") == true)
        #expect(first.lines.last?.contains("as in the source; ") == true && !first.output.contains("DIFFERS"))
        let tables = try second.list("tables")
        #expect(try second.status == 0 && second.json["equal"] as? Bool == true)
        #expect(tables.count == 19 && tables.allSatisfy { $0["written"] as? Int == 0 }, "\(second.output)")
        #expect(answer.output.contains("Kelvin built a machine"), "\(answer)")
    }

    @Test("a copy that is killed goes on where it was", arguments: TestEngine.allCases)
    func killed(engine: TestEngine) async throws {
        let vidsift = try await library()
        let rows = 60_000
        try await BulkMessages.add(rows, to: vidsift)
        let place = try await engine.makeDatabase()
        let target = try Target(engine, database: place)
        // With its tables it can be looked into from the beginning.
        try #require(try await vidsift.run("list", environment: target.asLibrary).status == 0)
        let database = try await place.open()

        let copying = try vidsift.startCopy(to: target)
        while try await BulkMessages.count(in: database) == 0 {}
        copying.signal(SIGKILL)
        let end = try await copying.end()
        let arrived = try await BulkMessages.count(in: database)
        // What would otherwise be waited for: the lease of the dead.
        try await database.execute("UPDATE processing_locks SET expires_at = now()")
        let rest = try await vidsift.copyInJSON(to: target)

        #expect(end.status == SIGKILL && end.output.isEmpty)
        #expect(arrived < rows, "it was done before it was killed")
        #expect(rest.status == 0, "\(rest)")
        let messages = try #require(try rest.list("tables").first { $0["table"] as? String == "chat_messages" })
        let written = try #require(messages["written"] as? Int)
        #expect(written > 0 && written <= rows - arrived)
        #expect(try await BulkMessages.count(in: database) == rows)
        try await database.close()
    }

    @Test("an export is imported elsewhere, unless it was altered")
    func exports() async throws {
        let vidsift = try await library()
        let (good, bad) = (vidsift.folder.path + "/good", vidsift.folder.path + "/bad")

        let exported = try await vidsift.run("export", "backup")
        let imported = try await vidsift.run("import", "backup", "--data-dir", good)
        let list = try await vidsift.run("list", "--data-dir", good)
        let manifest = vidsift.folder.path + "/backup/manifest.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try vidsift.write(text.replacing("\"rows\" : 2", with: "\"rows\" : 3"), to: "backup/manifest.json")
        let altered = try await vidsift.run("import", "backup", "--data-dir", bad)
        try FileManager.default.removeItem(atPath: manifest)
        let missing = try await vidsift.run("import", "backup", "--data-dir", bad)

        #expect(exported.status == 0 && imported.status == 0, "\(exported) \(imported)")
        #expect(list.output.contains("bread") && list.output.contains("tides"))
        #expect(altered.status == 1 && altered.errors.contains("was changed after it was made"), "\(altered)")
        #expect(missing.status == 1 && missing.errors.contains("is no finished export"), "\(missing)")
    }

    @Test("a served library can be exported, and not be written into")
    func served() async throws {
        let vidsift = try await library()
        let other = try await library()
        let server = try vidsift.start("serve", "--port", "0")
        try #require(await server.prints("Serving on http://127.0.0.1:"))

        let export = try await vidsift.run("export", "backup")
        let into = try await other.run("copy", "--from", other.data.path, "--to", vidsift.data.path)
        let itself = try await other.run("copy", "--from", other.data.path, "--to", other.data.path)
        server.signal(SIGTERM)
        _ = try await server.end()
        let foreign = try await other.run("copy", "--from", other.data.path, "--to", vidsift.data.path)

        #expect(export.status == 0, "\(export)")
        #expect(into.status == 1 && into.errors.contains("another `vidsift serve` is using the folder"), "\(into)")
        #expect(itself.status == 1 && itself.errors.contains("are the same library"), "\(itself)")
        #expect(foreign.status == 1 && foreign.errors.contains("The target is not empty: it holds 1 channels"))
        #expect(foreign.errors.split(separator: "\n").count == 1 && foreign.output.isEmpty)
    }

    @Test("wrong use ends with code 64, a missing library or variable with 1")
    func wrongUse() async throws {
        let vidsift = try Vidsift()
        let data = vidsift.data.path

        let uses = [
            try await vidsift.run("copy", "--from", data), try await vidsift.run("copy", "--from", "", "--to", data),
            try await vidsift.run("copy", "--from", data, "--to", data, "--data-dir", data),
            try await vidsift.run("export", ""), try await vidsift.run("import"),
        ]
        let nothing = try await vidsift.run("copy", "--from", data, "--to", data + "-2")
        let variable = try await vidsift.run("copy", "--from", "env:NOWHERE", "--to", data)

        for use in uses { #expect(use.status == 64 && use.errors.hasPrefix("error: "), "\(use)") }
        #expect(nothing.status == 1 && nothing.errors == "error: There is no library in \(data).\n", "\(nothing)")
        #expect(variable.status == 1 && variable.errors.contains("variable NOWHERE is not set"), "\(variable)")
    }

    @Test("a password is in no message, whatever is wrong with the address")
    func passwords() async throws {
        let vidsift = try await library()
        let data = vidsift.data.path
        let addresses = [
            "postgres://me:tell-nobody@127.0.0.1:1/d", "postgres:/me:tell-nobody@h/d", "mysql://me:tell-nobody@h/d",
            "password=tell-nobody host=127.0.0.1 port=1", "postgres://me:tell-nobody@h:port/d",
        ]

        for address in addresses {
            let copies = [
                try await vidsift.run("copy", "--from", data, "--to", address),
                try await vidsift.run("copy", "--from", address, "--to", data),
                try await vidsift.run("copy", "--from", data, "--to", "env:PLACE", environment: ["PLACE": address]),
            ]
            let folders = [try await vidsift.run("export", address), try await vidsift.run("import", address)]

            for result in copies { #expect(result.status == 1 && result.errors.hasPrefix("error: "), "\(result)") }
            if address.contains("127.0.0.1") {
                for result in copies { #expect(result.errors.contains("Connection refused"), "\(result)") }
            }
            for result in folders { #expect(result.status == 64 && result.errors.contains("use `vidsift copy")) }
            for result in copies + folders { #expect(!(result.errors + result.output).contains("tell-nobody")) }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: vidsift.folder.path)
        #expect(Set(files) == ["bread.vtt", "tides.vtt", "data"])
    }
}

/// Where a test's library is copied to.
private struct Target {
    /// As an argument; the address is in a variable.
    var argument: String
    /// For a command that is to work on it.
    var asLibrary: [String: String]
    /// For a copy.
    var environment: [String: String] = [:]

    init(_ engine: TestEngine, database: TestDatabase) throws {
        if let url = database.url {
            argument = "env:TARGET"
            environment = ["TARGET": url]
            asLibrary = ["DATABASE_URL": url]
        } else {
            argument = try #require(database.folder?.path)
            asLibrary = ["DATA_DIR": argument]
        }
    }
}

extension Vidsift {
    fileprivate func copy(to target: Target) async throws -> Result { try await startCopy(to: target).end() }

    fileprivate func copyInJSON(to target: Target) async throws -> Result {
        try await run(
            "copy", "--json", "--from", data.path, "--to", target.argument, environment: target.environment)
    }

    fileprivate func startCopy(to target: Target) throws -> Running {
        try start("copy", "--from", data.path, "--to", target.argument, environment: target.environment)
    }
}

/// Rows enough to be in the middle of them.
private enum BulkMessages {
    static func add(_ count: Int, to vidsift: Vidsift) async throws {
        let database = try await Database.sqlite(at: vidsift.data.appending(path: "vidsift.sqlite").path)
        try await database.execute(
            """
            INSERT INTO chat_sessions (id, owner, scope, title, created_at, updated_at)
            VALUES ('00000000-0000-7000-8003-000000000000', 'me', '{}', 't', now(), now())
            """)
        try await database.execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
            INSERT INTO chat_messages (id, session_id, run_id, role, content, citations, state, answered, created_at)
            SELECT printf('00000000-0000-7000-8004-%012x', n), '00000000-0000-7000-8003-000000000000',
                '00000000-0000-7000-8004-000000000000', 'user', 'How many eggs does the queen lay?', '[]', 'complete',
                0, n FROM numbers
            """)
        try await database.close()
    }

    static func count(in database: Database) async throws -> Int {
        try await database.value("SELECT count(*) FROM chat_messages", as: Int.self) ?? 0
    }
}
