internal import Foundation
internal import Hummingbird
internal import Providers

/// What all parts of one answer to OpenAI's protocol share.
struct ChatCompletion: Sendable {
    let run: RunID
    /// What the client called it.
    let model: String
    var created = Date()

    func writeFields(to json: inout JSONWriter, object: String) {
        json.field("id", "chatcmpl-\(run)")
        json.field("object", object)
        json.field("created", Int(created.timeIntervalSince1970))
        json.field("model", model)
    }

    /// What OpenAI's clients are told of how an answer ended.
    static func finishReason(of outcome: AnswerEvent.Outcome) -> String {
        switch outcome.finish {
        case .length: "length"
        case .filtered: "content_filter"
        case .stop, .unknown, nil: "stop"
        }
    }

    static func write(_ usage: TokenUsage?, to json: inout JSONWriter) {
        let prompt = usage?.promptTokens ?? 0
        let completion = usage?.completionTokens ?? 0
        json.object { json in
            json.field("prompt_tokens", prompt)
            json.field("completion_tokens", completion)
            json.field("total_tokens", prompt + completion)
        }
    }

    /// The whole answer.
    ///
    /// - Throws: `Problem` where it did not come to its end.
    func response(_ answer: WholeAnswer) throws -> Response {
        let outcome = try answer.ended()
        return .json { json in
            writeFields(to: &json, object: "chat.completion")
            json.key("choices")
            json.array(CollectionOfOne(answer)) { json, answer in
                json.object { json in
                    json.field("index", 0)
                    json.key("message")
                    json.object(answer.writeMessage)
                    json.field("logprobs", String?.none)
                    json.field("finish_reason", Self.finishReason(of: outcome))
                }
            }
            json.key("usage")
            Self.write(outcome.usage, to: &json)
        }
    }
}

extension WholeAnswer {
    fileprivate func writeMessage(to json: inout JSONWriter) {
        json.field("role", "assistant")
        json.field("content", text)
        json.field("refusal", String?.none)
        json.key("annotations")
        annotations.write(to: &json)
    }
}
