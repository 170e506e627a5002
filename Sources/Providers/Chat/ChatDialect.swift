/// What an endpoint's model is found to take: all speak OpenAI's protocol, but not all of it.
struct ChatDialect: Sendable, Equatable {
    /// The older `max_tokens`, or `max_completion_tokens`, which newer models of OpenAI insist on.
    private(set) var limitsCompletionTokens = false
    /// Whether a temperature may be asked for.
    private(set) var takesTemperature = true
    /// Whether the count of tokens may be asked for.
    private(set) var takesStreamOptions = true

    /// Learns from a refusal that names a parameter; false when it says nothing new.
    mutating func learn(from error: ProviderError) -> Bool {
        guard error.kind == .refused, error.status == 400 || error.status == 422,
            let words = error.detail?.lowercased(),
            Self.refusals.contains(where: { words.contains($0) })
        else { return false }
        if words.contains("max_tokens"), !limitsCompletionTokens {
            limitsCompletionTokens = true
        } else if words.contains("temperature"), takesTemperature {
            takesTemperature = false
        } else if words.contains("stream_options"), takesStreamOptions {
            takesStreamOptions = false
        } else {
            return false
        }
        return true
    }

    /// How servers say that they don't know a parameter, rather than that its value is too large.
    private static let refusals = [
        "not support", "unsupported", "unrecognized", "unknown", "unexpected", "extra", "not permitted", "not allowed",
        "deprecated",
    ]
}
