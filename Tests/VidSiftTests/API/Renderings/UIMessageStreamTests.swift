import Testing

@Suite("The strict reader of UI message streams")
struct UIMessageStreamTests {
    private static let begin = #"data: {"type":"start","messageId":"m"}"# + "\n\n"
    private static let end = #"data: {"type":"finish"}"# + "\n\ndata: [DONE]\n\n"

    private static func stream(_ parts: String...) -> String {
        begin + parts.map { "data: \($0)\n\n" }.joined() + end
    }

    @Test("takes what the SDK's own server sends")
    func right() throws {
        let stream = try UIMessageStream(
            Self.stream(
                #"{"type":"start-step"}"#, #"{"type":"text-start","id":"0"}"#,
                #"{"type":"text-delta","id":"0","delta":"Hel"}"#, #"{"type":"text-delta","id":"0","delta":"lo"}"#,
                #"{"type":"source-url","sourceId":"1","url":"https://example.org/","title":"A page"}"#,
                #"{"type":"data-weather","id":"w","data":{"city":"Bonn"},"transient":true}"#,
                #"{"type":"text-end","id":"0"}"#, #"{"type":"finish-step"}"#))
        #expect(stream.text == "Hello")
        #expect(stream.types.count == 10)
    }

    @Test(
        "refuses what a client would refuse",
        arguments: [
            "", begin, begin + #"data: {"type":"finish"}"# + "\n\n", String(stream().dropLast()),
            String(stream().dropFirst(begin.utf8.count)), begin + stream(), stream(#"{"type":"finish"}"#),
            stream(#"{"type":"error","errorText":"No."}"#), stream(#"{"type":"token"}"#), stream("[]"),
            stream(#"{"type":"text-delta","id":"0","delta":"a"}"#), stream(#"{"type":"text-end","id":"0"}"#),
            stream(#"{"type":"text-start","id":"0"}"#), stream(#"{"type":"text-start"}"#),
            stream(#"{"type":"text-start","id":0}"#),
            stream(#"{"type":"text-start","id":"0"}"#, #"{"type":"text-end","id":"0","time":1}"#),
            stream(#"{"type":"source-url","sourceId":"1","url":null}"#),
            stream(#"{"type":"source-url","sourceId":"1","url":"u","title":null}"#),
            stream(
                #"{"type":"source-url","sourceId":"1","url":"u"}"#, #"{"type":"source-url","sourceId":"1","url":"u"}"#),
            stream(#"{"type":"data-citation","data":{"a":[{"b":null}]}}"#), stream(#"{"type":"data-citation"}"#),
            stream(#"{"type":"data-citation","data":1,"number":2}"#), stream(#"{"type":"start-step"}"# + "\nid: 1"),
        ])
    func wrong(body: String) {
        #expect(throws: (any Error).self) { try UIMessageStream(body) }
    }
}
