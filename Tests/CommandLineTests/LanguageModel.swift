import TestModels

/// A language model on loopback for a program that is started.
enum LanguageModel {
    /// The variables that make the program ask it.
    static func environment(_ address: String) -> [String: String] {
        ["OPENAI_BASE_URL": address, "CHAT_MODEL": "test-model", "CHAT_CONTEXT_TOKENS": "4096"]
    }

    /// An answer in pieces, with what it has counted.
    static func saying(_ pieces: String...) -> LoopbackEndpoint.Answer {
        let words = pieces.map { #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# }
        let end = [
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"data: {"choices":[],"usage":{"prompt_tokens":321,"completion_tokens":12,"total_tokens":333}}"#,
            "data: [DONE]",
        ]
        return .events((words + end).map { $0 + "\n\n" }.joined())
    }

    /// What it says to a key that it does not know.
    static func refusing(_ key: String) -> LoopbackEndpoint.Answer {
        .json(401, #"{"error":{"message":"Incorrect API key provided: \#(key).","code":"invalid_api_key"}}"#)
    }
}
