import Testing

@testable import Providers

@Suite("Chunks of an answer")
struct ChatChunksTests {
    @Test(
        "give the text of the first choice",
        arguments: [
            (#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#, "a"),
            (#" { "choices" : [ { "delta" : { "role":"assistant", "content" : "a" } } ] } "#, "a"),
            (#"{"choices":[{"delta":{"content":"b"},"index":1},{"delta":{"content":"a"},"index":0}]}"#, "a"),
            (#"{"choices":[{"delta":{"content":"a\"]},{"},"finish_reason":null,"index":0}]}"#, "a\"]},{"),
            (#"{"choices":[{"index":0,"message":{"content":"whole"}}]}"#, "whole"),
            (
                #"{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"a"},{"text":"b"},"c",{"x":1}]}}]}"#,
                "ab"
            ),
            (#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"text":"no"}]}]}}]}"#, ""),
            (#"{"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"thoughts"}}]}"#, ""),
            (#"{"choices":[{"index":0,"delta":{"role":"assistant"}}]}"#, ""),
            (#"{"choices":[{"index":0,"delta":{}}]}"#, ""), (#"{"choices":[{"index":0,"delta":null}]}"#, ""),
            (#"{"choices":[{"index":0,"logprobs":{"content":[{"token":"x"}]},"delta":{"content":"a"}}]}"#, "a"),
            (#"{"choices":[]}"#, ""), (#"{"choices":null}"#, ""), ("{}", ""),
        ])
    func text(chunk: String, text: String) throws {
        var chunks = ChatChunks()
        try chunks.read(Array(chunk.utf8))
        #expect(chunks.takeText() == text)
    }

    @Test("tell that the model has begun, by text or by thoughts, and not by its role alone")
    func output() throws {
        for (chunk, isOutput) in [
            (#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, false),
            (#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#, true),
            (#"{"choices":[{"delta":{"reasoning":"hm"}}]}"#, true),
            (#"{"choices":[{"delta":{"content":"a"}}]}"#, true),
            (#"{"choices":[{"index":1,"delta":{"content":"a"}}]}"#, false),
        ] {
            var chunks = ChatChunks()
            try chunks.read(Array(chunk.utf8))
            #expect(chunks.hasOutput == isOutput, "\(chunk)")
        }
    }

    @Test("tell why the model stopped")
    func reasons() throws {
        for (word, reason) in [
            (#""stop""#, ChatEnd.Reason.stop), (#""length""#, .length), (#""content_filter""#, .filtered),
            (#""tool_calls""#, .unknown), ("null", nil), (#""""#, nil),
        ] {
            var chunks = ChatChunks()
            try chunks.read(Array(#"{"choices":[{"delta":{},"finish_reason":\#(word)}]}"#.utf8))
            #expect(chunks.reason == reason, "\(word)")
        }
    }

    @Test("tell what was counted, and by which model, from chunks with or without choices")
    func usage() throws {
        var chunks = ChatChunks()
        try chunks.read(Array(#"{"model":"m-1","choices":[],"usage":null}"#.utf8))
        #expect(chunks.usage == nil)
        try chunks.read(
            Array(
                #"{"model":"m-2","choices":[],"usage":{"x":{"prompt_tokens":1},"prompt_tokens":12,"completion_tokens":5}}"#
                    .utf8))
        #expect(chunks.usage == TokenUsage(promptTokens: 12, completionTokens: 5))
        #expect(chunks.model == "m-1")
        for odd in [#""12""#, "1e99", "-4", "99999999999999999999"] {
            var chunks = ChatChunks()
            try chunks.read(Array(#"{"usage":{"prompt_tokens":\#(odd),"completion_tokens":5}}"#.utf8))
            #expect(chunks.usage == nil, "\(odd)")
        }
    }

    @Test(
        "that are errors say so",
        arguments: [
            #"{"error":{"message":"no"}}"#, #"{"error":"no"}"#, #"{"object":"error","message":"no"}"#,
            #"{"choices":[{"delta":{"content":"a"}}],"error":{"code":502}}"#,
        ])
    func errors(chunk: String) {
        var chunks = ChatChunks()
        #expect(throws: ChatChunks.Failure.error) { try chunks.read(Array(chunk.utf8)) }
    }

    @Test("with an error that is null are none")
    func noError() throws {
        var chunks = ChatChunks()
        try chunks.read(Array(#"{"error":null,"choices":[{"delta":{"content":"a"}}]}"#.utf8))
        #expect(chunks.takeText() == "a")
    }

    @Test("that are no JSON, or end early, are told apart")
    func malformed() {
        let whole = Array(#"{"choices":[{"index":0,"delta":{"content":"a\u00fcb"}}],"usage":null}"#.utf8)
        for end in 0..<whole.count {
            var chunks = ChatChunks()
            #expect(throws: ChatChunks.Failure.malformed) { try chunks.read(Array(whole[..<end])) }
        }
        for text in ["[]", "null", "word", #"{"a"}"#, #"{"a":}"#, #"{"a":1"b":2}"#, #"{"choices":[}"#, #"{"a":]}"#] {
            var chunks = ChatChunks()
            #expect(throws: ChatChunks.Failure.malformed, "\(text)") { try chunks.read(Array(text.utf8)) }
        }
    }

    @Test("nested as deep as can be are passed over")
    func deep() throws {
        let depth = 200_000
        let nested = String(repeating: #"{"a":["#, count: depth) + String(repeating: "]}", count: depth)
        var chunks = ChatChunks()
        try chunks.read(Array(#"{"x":\#(nested),"choices":[{"delta":{"content":"a"}}]}"#.utf8))
        #expect(chunks.takeText() == "a")
    }
}
