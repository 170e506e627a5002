import Foundation
import Providers
import Testing

@testable import VidSift

/// A prompt as a model sees it that reads nothing but its lines.
struct ShownPrompt {
    /// Whether it asks for notes rather than for an answer.
    let asksForNotes: Bool
    /// The passages with their numbers.
    let passages: [(number: Int, text: String)]
    /// The notes with their markers.
    let notes: [String]

    init(_ prompt: ChatPrompt) {
        asksForNotes = prompt.messages.first?.content.hasPrefix("You take notes") == true
        let lines = (prompt.messages.last?.content ?? "").split(separator: "\n")
        notes = lines.filter { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) }
        passages = lines.filter { $0.hasPrefix("[") }.compactMap { line in
            guard let number = Int(line.dropFirst().prefix { $0.isNumber }), let text = line.range(of: "): ") else {
                return nil
            }
            return (number, String(line[text.upperBound...]))
        }
    }

    /// Each passage's first sentence with its number: proper notes.
    var properNotes: String {
        passages.map { "- \($0.text.prefix { $0 != "." }) [\($0.number)]." }.joined(separator: "\n")
    }
}

extension ChatPrompt {
    /// What prompt and answer have together, by the estimate.
    var totalTokens: Int { AnswerPrompt.tokens(in: self) + maximumTokens }
}
