internal import Providers

/// A question and what was said before it, as a client tells it; within the limits.
struct ClientConversation: Sendable {
    /// The most messages that are taken.
    static let maximumMessages = 40
    /// The most bytes of text in all messages together.
    static let maximumBytes = 32 << 10

    let question: String
    /// Without messages that say nothing.
    let history: [ChatTurn]

    /// - Parameter ignoredRoles: whose messages are left out, as if they had not been sent.
    /// - Throws: `Problem` that names the message.
    init(_ messages: [ClientMessage], ignoredRoles: Set<String> = []) throws {
        let taken = Array(messages.enumerated()).filter { !ignoredRoles.contains($0.element.role) }
        guard (1...Self.maximumMessages).contains(taken.count) else {
            throw Problem.invalid("messages: expected 1 to \(Self.maximumMessages), found \(taken.count).")
        }
        let turns = try taken.enumerated().map { place, message in
            try Self.turn(message.element, at: message.offset, isLast: place + 1 == taken.count)
        }
        let bytes = turns.reduce(0) { $0 + $1.content.utf8.count }
        guard bytes <= Self.maximumBytes else {
            throw Problem.invalid("messages: expected at most \(Self.maximumBytes) bytes in all, found \(bytes).")
        }
        guard let last = turns.last, last.role == .user else {
            throw Problem.invalid("messages: expected the last one to be the user's.")
        }
        question = last.content
        history = turns.dropLast().filter { !$0.content.isEmpty }
    }

    private static func turn(_ message: ClientMessage, at place: Int, isLast: Bool) throws -> ChatTurn {
        switch message.role {
        case "user": ChatTurn(.user, try isLast ? message.textAsked(at: place) : message.textSaid(at: place))
        case "assistant": ChatTurn(.assistant, try message.textSaid(at: place))
        default:
            throw Problem.invalid(
                "messages.[\(place)].role: expected user or assistant, found \(message.role.quotedForPeople).")
        }
    }
}
