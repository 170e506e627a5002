internal import Providers

/// What was said before in a conversation, as far as a model is told it.
enum PriorTurns {
    /// The newest questions with their answers that fit, oldest first; a question without an answer is left out, and so
    /// is what is neither.
    ///
    /// Questions and answers alternate: some models' chat templates know nothing else.
    static func newest(of history: [ChatTurn], tokens: Int, overhead: Int, mark: String) -> [ChatTurn] {
        var left = tokens
        var kept: [[ChatTurn]] = []
        for exchange in exchanges(in: history).reversed() {
            let turns = [
                ChatTurn(.user, QuotedData.turn(exchange.question, without: mark)),
                ChatTurn(.assistant, QuotedData.turn(withoutCitations(exchange.answer), without: mark)),
            ]
            guard turns.allSatisfy({ !$0.content.isEmpty }) else { continue }
            let cost = turns.reduce(0) { $0 + TokenEstimate.tokens(in: $1.content) + overhead }
            guard cost <= left else { break }
            left -= cost
            kept.append(turns)
        }
        return kept.reversed().flatMap(\.self)
    }

    private struct Exchange {
        var question: String
        var answer: String
    }

    /// Turns of one speaker in a row are one.
    private static func exchanges(in history: [ChatTurn]) -> [Exchange] {
        var exchanges: [Exchange] = []
        for turn in history {
            switch turn.role {
            case .system: continue
            case .user:
                if let last = exchanges.last, last.answer.isEmpty {
                    exchanges[exchanges.count - 1].question += "\n" + turn.content
                } else {
                    exchanges.append(Exchange(question: turn.content, answer: ""))
                }
            case .assistant:
                guard let last = exchanges.last else { continue }
                exchanges[exchanges.count - 1].answer += last.answer.isEmpty ? turn.content : "\n" + turn.content
            }
        }
        return exchanges.filter { !$0.answer.isEmpty }
    }

    /// An answer without its times, their titles and its numbers: they belong to other passages than the ones that the
    /// model is given now, and would be copied.
    static func withoutCitations(_ answer: String) -> String {
        var text = ""
        var rest = answer[...]
        while let open = rest.firstIndex(of: "[") {
            text += rest[..<open]
            rest = rest[open...]
            guard let close = rest.prefix(longestMarker).firstIndex(of: "]") else {
                text.append(rest.removeFirst())
                continue
            }
            let inside = rest[rest.index(after: open)..<close]
            guard inside.contains(where: \.isNumber), inside.allSatisfy({ $0.isNumber || ":,-– ".contains($0) }) else {
                text.append(rest.removeFirst())
                continue
            }
            rest = rest[rest.index(after: close)...]
            if inside.contains(":") { dropTitle(&rest) }
            if text.last == " " { text.removeLast() }
        }
        return text + rest
    }

    private static let longestMarker = 40
    private static let longestTitle = 520

    private static func dropTitle(_ rest: inout Substring) {
        guard rest.hasPrefix(" \"") else { return }
        let title = rest.dropFirst(2)
        guard let end = title.prefix(longestTitle).firstIndex(where: { $0 == "\"" || $0 == "\n" }), title[end] == "\""
        else { return }
        rest = rest[rest.index(after: end)...]
    }
}
