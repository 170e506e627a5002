/// A message as clients send it: text, or parts of which some are text.
struct ClientMessage: Decodable, Sendable {
    var role: String
    /// As our own and OpenAI's clients send it.
    var content: Content?
    /// As the AI SDK's clients send it.
    var parts: [Part]?

    enum Content: Sendable {
        case text(String)
        case parts([Part])
    }

    /// A piece of a message; of other kinds than text only the kind is of interest.
    struct Part: Sendable {
        var type: String
        var text: String?
    }
}

extension ClientMessage.Content: Decodable {
    init(from decoder: any Decoder) throws {
        if (try? decoder.unkeyedContainer()) != nil {
            self = .parts(try [ClientMessage.Part](from: decoder))
        } else {
            self = .text(try decoder.singleValueContainer().decode(String.self))
        }
    }
}

extension ClientMessage.Part: Decodable {
    private enum Key: String, CodingKey { case type, text }

    /// What the text of a part is called.
    static let textType = "text"

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        type = try container.decode(String.self, forKey: .type)
        text = type == Self.textType ? try container.decode(String.self, forKey: .text) : nil
    }

    /// Whether it may be left out of a question: a mark of the client's own, which no model is shown.
    fileprivate var isMark: Bool { type == "step-start" || type.hasPrefix("data-") }
}

extension ClientMessage {
    /// The text of what was said; everything else of an older message is left out.
    func textSaid(at place: Int) throws -> String {
        if let parts = listed?.parts { return parts.compactMap(\.text).joined(separator: "\n") }
        if case .text(let text)? = content { return text }
        // Where it only called tools.
        if role == "assistant" { return "" }
        throw Problem.invalid("messages.[\(place)]: expected content or parts, found neither.")
    }

    /// The text of the question. What it holds besides text would go unheard, so it is refused.
    func textAsked(at place: Int) throws -> String {
        if let (field, parts) = listed {
            for (index, part) in parts.enumerated() where part.text == nil && !part.isMark {
                throw Problem.invalid(
                    "messages.[\(place)].\(field).[\(index)].type: expected text, found \(part.type.quotedForPeople).")
            }
        }
        return try textSaid(at: place)
    }

    /// The parts and the field that has them; nil where the message is nothing but text.
    private var listed: (field: String, parts: [Part])? {
        if let parts, !parts.isEmpty || content == nil { return ("parts", parts) }
        if case .parts(let parts)? = content { return ("content", parts) }
        return nil
    }
}
