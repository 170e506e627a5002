import Testing

@testable import queue_model

@Suite("The simulation of the queue")
struct MutationTests {
    @Test("finds nothing in the protocol as it is")
    func protocolIsSound() {
        // given
        let campaign = Campaign(first: 1, count: 1_000, mutation: nil, threads: 2)

        // when
        let outcome = campaign.run()

        // then
        #expect(outcome.failure == nil, "\(outcome.failure.map { "seed \($0.seed): \($0.violation)" } ?? "")")
        #expect(outcome.steps > 50_000)
    }

    @Test("finds each mistake that is put into the protocol", arguments: Mutation.allCases)
    func mutationIsFound(_ mutation: Mutation) {
        // given
        let campaign = Campaign(first: 1, count: 10_000, mutation: mutation, threads: 2)

        // when
        let outcome = campaign.run()

        // then
        #expect(outcome.failure != nil, "\(mutation) is not found")
    }

    @Test("takes the same steps each time for a seed")
    func seedIsReproducible() {
        for seed in UInt64(1)...50 {
            // when
            let runs = (0..<2).map { _ in
                let simulation = Simulation(seed: seed, isTraced: true)
                let violation = simulation.run()
                return (violation, simulation.steps, simulation.trace)
            }

            // then
            #expect(runs[0] == runs[1], "seed \(seed)")
        }
    }
}
