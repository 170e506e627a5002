import Database
import TestDatabases
import Testing

@testable import VidSift

private let absence =
    TestEngine.allCases.contains(.postgres) ? PgBouncer.absence : "VIDSIFT_TEST_POSTGRES is not set"

@Suite("A library behind a pooler", .enabled(if: absence == nil, "\(absence ?? "")"), .timeLimit(.minutes(2)))
struct LibraryPoolerTests {
    @Test(
        "its tables are made, talks are added, found and deleted, and other instances follow",
        arguments: [(PgBouncer.Mode.transaction, "automatic"), (.session, "session"), (.session, "automatic")])
    func library(mode: PgBouncer.Mode, told: String) async throws {
        let place = try await TestEngine.postgres.makeDatabase(.bare)
        try await PgBouncer.run(mode, before: place.url ?? "", connections: 20) { pooler in
            let one = try await TestLibrary([
                "DATABASE_URL": pooler.url(of: place.nameOnServer), "DATABASE_POOLER": told,
                "DATABASE_POOL_SIZE": "4",
            ])
            let two = try await one.anotherInstance()
            let following = Task { try await two.components.changes.run() }
            let cache = two.components.cache

            try await one.add(SampleTalks.canals, named: "canals.vtt")
            #expect(try await quotes(two, "What does a canal lock lift?").contains { $0.contains("lifts a boat") })
            let before = await cache.byteCount

            let bees = try await one.add(SampleTalks.bees, named: "bees.vtt").videoID
            try await eventually("the other instance has followed", within: .seconds(5)) {
                await cache.byteCount > before
            }
            let eggs = "How many eggs does the queen lay?"
            #expect(try await quotes(two, eggs).contains { $0.contains("two thousand eggs") })

            _ = try await one.components.database.transaction { try await Video.delete(bees, on: $0) }
            #expect(try await quotes(two, eggs).isEmpty)
            try await eventually("the other instance has followed", within: .seconds(5)) {
                await cache.byteCount == before
            }

            following.cancel()
            try await following.value
            try await two.components.close()
            try await one.components.close()
        }
    }

    private func quotes(_ library: TestLibrary, _ question: String) async throws -> [String] {
        try await library.ask(question).compactMap { event in
            if case .citation(let citation) = event { citation.text } else { nil }
        }
    }
}
