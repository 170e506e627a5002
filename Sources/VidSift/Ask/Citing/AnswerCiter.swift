internal import Captions
internal import Logging
internal import Providers
internal import Synchronization

/// Cites what a language model writes, with the vectors of the embedding model where words alone don't settle it.
struct AnswerCiter: Sendable {
    /// Claims of one answer whose vectors are asked for; the others are settled by words.
    static let maximumEmbedded = 24
    /// Sentences whose vectors are kept for further claims.
    static let maximumKept = 48

    /// A part of the answer.
    enum Piece: Sendable {
        case text(String)
        case citation(Citation)
    }

    private let machine: SharedMachine
    private let evidence: Evidence
    let embedder: Embedder
    private let logger: Logger
    private var embedded = 0
    /// The vectors of sentences that were compared with a claim.
    private var vectors: [Int: ArraySlice<Float>] = [:]
    /// The citations that the answer uses, in order.
    private(set) var citations: [Citation] = []

    init(evidence: Evidence, spansVideos: Bool, isStrict: Bool, embedder: Embedder, logger: Logger) {
        self.evidence = evidence
        self.embedder = embedder
        self.logger = logger
        machine = SharedMachine(CitationMachine(evidence: evidence, spansVideos: spansVideos, isStrict: isStrict))
    }

    /// Whether any sentence so far is verified or close to what was said.
    var hasSupportedSentence: Bool { machine.with(\.hasSupportedSentence) }

    /// Reads on, and gives what can be sent.
    ///
    /// - Throws: `CancellationError`.
    mutating func read(_ text: String) async throws -> [Piece] {
        try await pieces(machine.with { $0.read(text) })
    }

    /// The model has ended.
    mutating func finish() async throws -> [Piece] {
        try await pieces(machine.with { $0.finish() })
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
                case .unsettled(let claim):
                    let likeness = try await likeness(of: claim)
                    next = machine.with { $0.settle(likeness) }
                }
            }
            steps = next
        }
        return pieces
    }

    /// The cosine of a claim with each of its candidates; nil where words must do.
    private mutating func likeness(of claim: UnsettledClaim) async throws -> [Float]? {
        // The text waits for this, so it must not stand in line behind whole recordings and other questions.
        guard embedded < Self.maximumEmbedded, embedder.identity != nil, !embedder.isBusy else { return nil }
        embedded += 1
        do {
            return try await compare(claim.match.claim.text, with: claim.candidates.map(\.sentences))
        } catch let error as ProviderError {
            // A model that fails now would hold up the next claim, too.
            embedded = Self.maximumEmbedded
            logger.warning("claims are compared by words alone", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private mutating func compare(_ claim: String, with candidates: [Range<Int>]) async throws -> [Float]? {
        let missing = candidates.filter { vectors[$0.lowerBound] == nil }
        let texts = [claim] + missing.map(evidence.text(of:))
        guard let made = try await embedder.embed(texts), made.count == texts.count else { return nil }
        var known = vectors
        for (place, sentence) in missing.enumerated() { known[sentence.lowerBound] = made[place + 1] }
        if known.count <= Self.maximumKept { vectors = known }
        return candidates.map { candidate in
            zip(known[candidate.lowerBound] ?? [], made[0]).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}

/// A machine in one place: it is large, and each call that waits on the way to the next word would keep a copy of it.
private final class SharedMachine: Sendable {
    private let machine: Mutex<CitationMachine>

    init(_ machine: CitationMachine) {
        self.machine = Mutex(machine)
    }

    func with<Result: Sendable>(_ body: (inout CitationMachine) -> Result) -> Result { machine.withLock { body(&$0) } }
}
