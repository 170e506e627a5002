internal import Synchronization

/// Hears what a model writes, and lets its voice say what is meant for others.
final class ModelHearing: Sendable {
    private struct State {
        var filter = ReasoningFilter()
        var hasBegun = false
    }

    private let voice: ModelVoice
    private let state = Mutex(State())

    init(_ voice: ModelVoice) {
        self.voice = voice
    }

    /// Whether a first word was handed over.
    var hasBegun: Bool { state.withLock(\.hasBegun) }

    /// Hears the next piece. One task at a time may call it.
    ///
    /// - Throws: what `ModelVoice.say` does.
    func hear(_ piece: String) async throws {
        try await say { $0.read(piece) }
    }

    /// The model has ended.
    ///
    /// - Throws: what `ModelVoice.end` does.
    func end() async throws -> ModelVoice.Said {
        try await say { $0.finish() }
        return try await voice.end()
    }

    private func say(_ read: @Sendable (inout ReasoningFilter) -> String) async throws {
        let text = state.withLock { state in
            let text = read(&state.filter)
            if !text.isEmpty { state.hasBegun = true }
            return text
        }
        if !text.isEmpty { try await voice.say(text) }
    }
}
