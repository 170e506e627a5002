import Database
import Foundation
import TestDatabases
import Testing

@Suite("vidsift work", .timeLimit(.minutes(3)))
struct WorkTests {
    @Test("it finishes what a killed add has left, and ends on SIGTERM with 0", arguments: TestEngine.allCases)
    func finishes(engine: TestEngine) async throws {
        let library = try await QueueLibrary(engine)
        let silent = try SilentServer()
        try library.vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        try library.vidsift.writeCaptions(Vidsift.bread, to: "b.vtt")

        let adding = try library.start("add", "a.vtt", "b.vtt", environment: silent.environment)
        try await eventually("both are accepted and one is being indexed") {
            let open = try await library.states()
            return open.count == 2 && open.contains("running")
        }
        adding.signal(SIGKILL)
        let killed = try await adding.end()
        let working = try library.start("work")
        try await eventually("all is indexed") { try await library.states().isEmpty }
        working.signal(SIGTERM)
        let end = try await working.end()

        #expect(killed.status == SIGKILL && killed.output.isEmpty)
        #expect(end.status == 0 && end.output.isEmpty, "\(end)")
        #expect(end.errors.contains("working on ") && end.errors.contains("index_video (2 at a time)"), "\(end.errors)")
        let videos = try await library.run("list", "--json").list("videos")
        #expect(videos.count == 2 && videos.allSatisfy { $0["state"] as? String == "ready" })
        // The killed one could not sign off; it is forgotten later.
        #expect(try await library.workers() <= 1)
    }

    @Test("Ctrl-C in an add gives its job back at once and ends with 130", arguments: TestEngine.allCases)
    func interrupted(engine: TestEngine) async throws {
        let library = try await QueueLibrary(engine)
        let silent = try SilentServer()
        try library.vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        try library.vidsift.writeCaptions(Array(Vidsift.tides.reversed()), to: "b.vtt")

        let adding = try library.start("add", "a.vtt", "b.vtt", environment: silent.environment)
        try await eventually("both are being indexed") { try await library.states() == ["running", "running"] }
        adding.signal(SIGINT)
        let end = try await adding.end()

        #expect(end.status == 130 && end.output.isEmpty && end.errors.isEmpty, "\(end)")
        #expect(try await library.states() == ["pending", "pending"])
        #expect(try await library.workers() == 0)
    }

    @Test("a worker that is told to stop gives the job back that does not end in time")
    func givesBack() async throws {
        let library = try await QueueLibrary(.sqlite)
        let silent = try SilentServer()
        try library.vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        let adding = try library.start("add", "a.vtt", environment: silent.environment)
        try await eventually("it is accepted") { try await library.states() == ["running"] }
        adding.signal(SIGINT)
        _ = try await adding.end()

        let working = try library.start("work", environment: silent.environment)
        try await eventually("it is being indexed") { try await library.states() == ["running"] }
        working.signal(SIGTERM)
        let end = try await working.end()

        #expect(end.status == 0, "\(end)")
        #expect(try await library.states() == ["pending"])
    }

    @Test("a server in the role web leaves the work to a worker", arguments: TestEngine.allCases)
    func web(engine: TestEngine) async throws {
        let library = try await QueueLibrary(engine)
        let job = try await library.addBuried("no")
        let server = try library.start("serve", "--port", "0", "--role", "web")
        try #require(await server.prints("Serving on "))

        try await library.run("jobs", "retry", job)
        let waiting = try await library.states()
        let workers = try await library.workers()
        let worker = try library.start("serve", "--role", "worker")
        try await eventually("the worker has done it") { try await library.states().isEmpty }
        let ended = try await library.run("jobs", "show", job, "--json").json
        for process in [worker, server] {
            process.signal(SIGTERM)
            #expect(try await process.end().status == 0)
        }

        #expect(waiting == ["pending"] && workers == 0)
        #expect(ended["state"] as? String == "completed", "\(ended)")
    }

    @Test("in a folder where another process works it says once that it waits")
    func waits() async throws {
        let library = try await QueueLibrary(.sqlite)
        let server = try library.start("serve", "--port", "0")
        try #require(await server.prints("Serving on "))
        try await eventually("the server works") { try await library.workers() == 1 }

        let doctor = try await library.run("doctor")
        let working = try library.startInOne("work")
        let saysSo = await working.prints("another process works in this folder: waiting")
        server.signal(SIGTERM)
        _ = try await server.end()
        try await eventually("it works instead") { try await library.workers() == 1 }
        working.signal(SIGTERM)
        let end = try await working.end()

        #expect(doctor.output.contains("workers         1: "), "\(doctor.output)")
        #expect(saysSo && end.status == 0)
        #expect(end.lines.count { $0.contains("another process works in this folder") } == 1, "\(end)")
    }
}
