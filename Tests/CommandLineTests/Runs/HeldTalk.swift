import TestModels
import Testing

/// A talk, a question about it, and what a language model answers.
enum HeldTalk {
    static let sentences = [
        "High water comes fifty minutes later every day.", "The moon moves on while the earth turns.",
        "Kelvin built a machine of brass wheels that predicted the tide.",
        "Each wheel of the machine turned with the period of one harmonic.",
        "A wire over all of the wheels added their heights up.", "The sum was drawn on paper as a curve of the tide.",
        "Laplace had found the equations a century before.",
        "In the Bay of Fundy the tide rises by sixteen metres.",
        "The bay is as long as the wave of the tide needs to swing in it.",
        "Fishermen of Saint-Malo say “la marée n’attend personne” — é, ü, 潮, 🌊.",
    ]

    static let question = "Which machine of brass wheels predicted the tide?"

    /// What the model says: what was said, with a marker each.
    static let answer = sentences.map { "\($0.dropLast()) [1]. " }
}

/// The answer to the question of ``HeldTalk`` that nobody has interrupted.
struct UncutAnswer: Sendable {
    let events: [SentEvent]
    /// How it goes up to its end.
    let parts: [ToldPart]

    /// Asks a server whose model may say all.
    init(_ server: ServeProcess, in session: String) async throws {
        let body = try await server.ask(HeldTalk.question, in: session).end().body
        events = try SentEvent.all(in: body)
        parts = try ToldPart.all(of: events.dropLast())
        let isAnswered = try events.last?.fields["answered"] as? Bool
        let citations = try events.count(of: "citation")
        try #require(isAnswered == true, "\(String(decoding: body, as: UTF8.self))")
        try #require(citations == HeldTalk.sentences.count)
    }
}
