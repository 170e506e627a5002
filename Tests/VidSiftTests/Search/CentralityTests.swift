import Testing

@testable import VidSift

@Suite("Centrality") struct CentralityTests {
    @Test("by words the passage is central whose words the others have, not the one that speaks of something else")
    func words() throws {
        let texts = [
            "bees dance on the comb", "the dance of the bees shows flowers", "a train arrived late yesterday",
            "bees and flowers", "flowers on the comb for bees that dance",
        ]
        let shares = Centrality.ofPassages(try segment(texts))
        #expect(shares.count == 5 && shares.max() == 1)
        #expect(shares.indices.min { shares[$0] < shares[$1] } == 2)
        #expect(Centrality.ofUnits(try segment(texts)).isEmpty)
    }

    @Test("by meaning the passage is central that is nearest to the mean of all")
    func vectors() throws {
        var builder = SegmentBuilder(language: "en", modelName: "m", dimensions: 2)
        let vectors: [[Float]] = [[1, 0], [0.8, 0.6], [0.6, 0.8], [0.7, 0.714], [-1, 0]]
        for (place, vector) in vectors.enumerated() {
            builder.addPassage(
                text: "x", startMilliseconds: place, endMilliseconds: place + 1, embedding: vector[...],
                units: [UnitInput(startMilliseconds: place, endMilliseconds: place + 1, embedding: vector[...])])
        }
        let segment = try Segment(builder.build())
        let shares = Centrality.ofPassages(segment)
        #expect(shares.indices.max { shares[$0] < shares[$1] } == 3)
        #expect(shares[4] == 0)
        #expect(Centrality.ofUnits(segment).count == 5)
    }

    @Test("there is one place of each stretch, in order, and none twice")
    func places() {
        #expect(Centrality.keyPlaces([0.1, 0.9, 0.2, 0.3, 0.8, 0.7], count: 3) == [1, 3, 4])
        #expect(Centrality.keyPlaces([0.5, 0.5], count: 9) == [0, 1])
        #expect(Centrality.keyPlaces([], count: 3) == [])
        #expect(Centrality.keyPlaces([1], count: 0) == [])
    }

    @Test("a segment without passages, and one without words, do no harm")
    func empty() throws {
        #expect(Centrality.ofPassages(try segment([])) == [])
        #expect(Centrality.ofPassages(try segment(["…", "!"])) == [0, 0])
    }
}
