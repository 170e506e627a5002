internal import Foundation
internal import Synchronization

/// One answer of a chat endpoint, which goes on as far as a test lets it.
package final class HeldAnswer: Sendable {
    private let sentences: [String]
    private let gates: [Gate]
    private let end = Gate()

    package init(_ sentences: [String]) {
        self.sentences = sentences
        gates = sentences.map { _ in Gate() }
    }

    /// Lets it say its first sentences: so many altogether.
    package func say(_ count: Int) {
        for gate in gates.prefix(count) { gate.open() }
    }

    /// Lets it say all, and end.
    package func finish() {
        say(gates.count)
        end.open()
    }

    /// What the endpoint is to do: each sentence in pieces as a model sends them.
    package var answer: LoopbackEndpoint.Answer {
        let said = zip(gates, sentences).flatMap { gate, sentence in
            [.wait(gate)] + Self.pieces(of: sentence).map { LoopbackEndpoint.Step.send(Self.event($0)) }
        }
        return .stream(said + [.wait(end), .send(Self.ending)])
    }

    private static let pieceLength = 7

    private static func pieces(of sentence: String) -> [String] {
        var rest = sentence[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
        return pieces
    }

    private struct Chunk: Encodable {
        var choices: [Choice]

        struct Choice: Encodable {
            var index = 0
            var delta: [String: String]
        }
    }

    private static func event(_ piece: String) -> String {
        let chunk = Chunk(choices: [Chunk.Choice(delta: ["content": piece])])
        // Text can always be encoded.
        let json = (try? JSONEncoder().encode(chunk)) ?? Data()
        return "data: \(String(decoding: json, as: UTF8.self))\n\n"
    }

    private static let ending =
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
        + #"data: {"choices":[],"usage":{"prompt_tokens":70,"completion_tokens":9}}"# + "\n\ndata: [DONE]\n\n"
}

/// The answers of a chat endpoint that says the same sentences to everybody, held one by one.
package final class HeldAnswers: Sendable {
    private let sentences: [String]
    private let current: Mutex<HeldAnswer>

    package init(_ sentences: [String]) {
        self.sentences = sentences
        current = Mutex(HeldAnswer(sentences))
    }

    /// The answer that whoever asks from now on is given, until there is another.
    package func next() -> HeldAnswer {
        let answer = HeldAnswer(sentences)
        current.withLock { $0 = answer }
        return answer
    }

    /// What is given to whoever asks now.
    package var answer: LoopbackEndpoint.Answer { current.withLock { $0 }.answer }
}

extension LoopbackEndpoint {
    /// Returns when that has happened next; one task at a time may wait.
    package func next(_ event: Event) async {
        for await happened in events where happened == event { return }
    }
}
