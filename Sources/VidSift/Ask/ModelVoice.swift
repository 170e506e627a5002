internal import Synchronization

/// Turns what a language model says into events: one piece after the other, each cited before the next.
final class ModelVoice: Sendable {
    /// What was said in the end.
    struct Said: Sendable {
        var citations: [Citation]
        /// Whether anything was supported by the passages.
        var isSupported: Bool
        /// Whether there is anything to read.
        var hasText: Bool
        /// Whether anything was sent of it at all, be it a sign without a word.
        var isBegun: Bool
        /// When the model said its first word.
        var firstWord: ContinuousClock.Instant?
    }

    private struct State {
        var citer: AnswerCiter
        var hasText = false
        var isBegun = false
        var firstWord: ContinuousClock.Instant?
    }

    /// Taken out while a piece is read, so that it is changed in place.
    private let state: Mutex<State?>
    private let emit: Ask.Emit

    init(_ citer: AnswerCiter, emit: @escaping Ask.Emit) {
        state = Mutex(State(citer: citer))
        self.emit = emit
    }

    /// Reads on. One task at a time may call it.
    ///
    /// - Throws: `CancellationError`; what `emit` throws.
    func say(_ text: String) async throws {
        try await reading { state in
            state.firstWord = state.firstWord ?? .now
            return try await state.citer.read(text)
        }
    }

    /// The model has said all.
    func end() async throws -> Said {
        try await reading { try await $0.citer.finish() }
        guard let state = state.withLock(\.self) else { throw CancellationError() }
        return Said(
            citations: state.citer.citations, isSupported: state.citer.hasSupportedSentence, hasText: state.hasText,
            isBegun: state.isBegun, firstWord: state.firstWord)
    }

    private func reading(_ read: (inout State) async throws -> [AnswerCiter.Piece]) async throws {
        guard var state = state.withLock({ $0.take() }) else { throw CancellationError() }
        let pieces = try await read(&state)
        if pieces.contains(where: \.isReadable) { state.hasText = true }
        if pieces.contains(where: \.isVisible) { state.isBegun = true }
        self.state.withLock { $0 = state }
        for piece in pieces { try await emit(piece.event) }
    }
}

extension AnswerCiter.Piece {
    fileprivate var event: AnswerEvent {
        switch self {
        case .text(let text): .content(text)
        case .citation(let citation): .citation(citation)
        }
    }

    fileprivate var isVisible: Bool {
        if case .text(let text) = self { text.contains { !$0.isWhitespace } } else { true }
    }

    fileprivate var isReadable: Bool {
        if case .text(let text) = self { text.contains { $0.isLetter || $0.isNumber } } else { false }
    }
}
