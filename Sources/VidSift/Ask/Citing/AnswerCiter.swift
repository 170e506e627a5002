internal import Captions
internal import Providers

/// Cites what a language model writes, with the vectors of the embedding model where words alone don't settle it.
struct AnswerCiter: Sendable {
    /// Claims of one answer whose vectors are asked for; the others are settled by words.
    static let maximumEmbedded = 24

    /// A part of the answer.
    enum Piece: Sendable {
        case text(String)
        case citation(Citation)
    }

    private var machine: CitationMachine
    private let evidence: Evidence
    private let embedder: Embedder
    private var embedded = 0
    /// The citations that the answer uses, in order.
    private(set) var citations: [Citation] = []

    init(evidence: Evidence, spansVideos: Bool, isStrict: Bool, embedder: Embedder) {
        self.evidence = evidence
        self.embedder = embedder
        machine = CitationMachine(evidence: evidence, spansVideos: spansVideos, isStrict: isStrict)
    }

    /// Whether any sentence so far is verified or close to what was said.
    var hasSupportedSentence: Bool { machine.hasSupportedSentence }

    /// Reads on, and gives what can be sent.
    ///
    /// - Throws: `ProviderError` of the embedding model, `CancellationError`.
    mutating func read(_ text: String) async throws -> [Piece] {
        try await pieces(machine.read(text))
    }

    /// The model has ended.
    mutating func finish() async throws -> [Piece] {
        try await pieces(machine.finish())
    }

    private mutating func pieces(_ first: [CitationMachine.Step]) async throws -> [Piece] {
        var pieces: [Piece] = []
        var steps = first
        while !steps.isEmpty {
            var next: [CitationMachine.Step] = []
            for step in steps {
                switch step {
                case .text(let text): pieces.append(.text(text))
                case .citation(let citation):
                    citations.append(citation)
                    pieces.append(.citation(citation))
                case .unsettled(let claim): next = machine.settle(try await likeness(of: claim))
                }
            }
            steps = next
        }
        return pieces
    }

    /// The cosine of a claim with each of its candidates; nil where words must do.
    private mutating func likeness(of claim: UnsettledClaim) async throws -> [Float]? {
        guard embedded < Self.maximumEmbedded, embedder.identity != nil else { return nil }
        embedded += 1
        let texts = [claim.match.claim.text] + claim.candidates.map { evidence.text(of: $0.sentences) }
        guard let vectors = try await embedder.embed(texts), vectors.count == texts.count else { return nil }
        let own = vectors[0]
        return (1..<texts.count).map { row in zip(vectors[row], own).reduce(0) { $0 + $1.0 * $1.1 } }
    }
}
