import Database
import Foundation
import Logging
import TestDatabases
import Testing

@testable import Providers
@testable import VidSift

@Suite struct JobRunnerTests {
    struct Broken: Error {}

    private func runner(_ library: TestLibrary, _ handler: @escaping JobHandler) -> JobRunner {
        JobRunner(
            database: library.components.database, handlers: [.indexVideo: handler],
            rights: library.components.jobs.rights, wakeUp: WakeUp(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test(
        "a job that fails in a way nobody thought of is put off, and the others are done",
        arguments: TestEngine.allCases)
    func unexpected(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let broken = try await library.accept(SampleTalks.bees, named: "bees.vtt").videoID
        let whole = try await library.accept(SampleTalks.canals, named: "canals.vtt").videoID
        let index = library.components.jobs.handlers[.indexVideo]
        let jobs = runner(library) { job, lock in
            if job.subject == broken.description { throw Broken() }
            return try await index?(job, lock) ?? .done
        }
        try await jobs.runDue()
        let database = library.components.database
        #expect(try await Video.get(whole, on: database)?.state == .ready)
        let video = try #require(try await Video.get(broken, on: database))
        #expect(video.state == .pending && video.lastError == "Broken()" && video.attempts == 1)
    }

    @Test(
        "passing failures are not given up after a few, attempts that end their process are",
        arguments: TestEngine.allCases)
    func patience(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        let jobs = runner(library) { _, _ in .retry(after: .zero, reason: "not now") }
        for _ in 0..<20 { try await jobs.run(Job(kind: .indexVideo, subject: id.description)) }
        #expect(try await Video.get(id, on: database)?.state == .pending)
        #expect(try await Video.get(id, on: database)?.attempts == 20)
    }

    @Test("stopping on purpose is no attempt", arguments: TestEngine.allCases)
    func stopped(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let id = try await library.accept(SampleTalks.bees).videoID
        let jobs = runner(library) { _, _ in throw CancellationError() }
        for _ in 0..<10 {
            await #expect(throws: CancellationError.self) {
                try await jobs.run(Job(kind: .indexVideo, subject: id.description))
            }
        }
        #expect(try await Video.get(id, on: library.components.database)?.attempts == 0)
        try await library.components.worker.drain()
        #expect(try await Video.get(id, on: library.components.database)?.state == .ready)
    }

    @Test(
        "a worker whose content was replaced meanwhile neither buries nor delays the new content",
        arguments: TestEngine.allCases)
    func stale(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        let old = try #require(try await PendingIngest.get(id, on: database))
        _ = try await library.accept(SampleTalks.canals)
        try await database.transaction { try await old.bury(error: "no", on: $0) }
        try await old.putOff(for: .seconds(3_600), error: "no", on: database)
        #expect(try await PendingIngest.due(lockPrefix: "", evenIfHeld: true, limit: 1, on: database) == [id])
        #expect(try await Video.get(id, on: database)?.state == .pending)
    }
}
