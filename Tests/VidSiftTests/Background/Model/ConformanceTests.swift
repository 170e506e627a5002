import Database
import TestDatabases
import Testing

@testable import VidSift
@testable import queue_model

@Suite("The model of the queue's tables")
struct ConformanceTests {
    static let sequences = 200
    static let steps = 40

    @Test("does what the SQL does, step by step", arguments: TestEngine.allCases)
    func modelConforms(_ engine: TestEngine) async throws {
        // given
        let place = try await engine.makeDatabase(.library)
        defer { withExtendedLifetime(place) {} }
        let database = try await place.open()
        var kinds: Set<String> = []

        // when
        for seed in 1...UInt64(Self.sequences) {
            var sequence = try await ConformanceSequence(seed: seed, on: database)
            for step in 1...Self.steps {
                let operation = try await sequence.step()
                kinds.insert(operation)

                // then
                let difference = try await sequence.difference()
                try #require(difference == nil, "seed \(seed), step \(step), \(operation): \(difference ?? "")")
            }
        }
        #expect(kinds.count == ConformanceSequence.operations, "\(kinds.sorted())")
        try await database.close()
    }
}
