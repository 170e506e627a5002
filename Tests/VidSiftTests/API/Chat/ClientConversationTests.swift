import Foundation
import Providers
import Testing

@testable import VidSift

@Suite("What a client's messages say")
struct ClientConversationTests {
    private static func question(_ body: String) throws -> Question {
        try JSONDecoder().decode(ChatRequest.self, from: Data(body.utf8)).question(of: .owner)
    }

    @Test("the last message is the question, those before it the history")
    func history() throws {
        let question = try Self.question(
            """
            {"messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"Because."},\
            {"role":"user","content":"Why so?"}],"mode":"quotes","strict":true,"videoIds":["a","b"]}
            """)
        #expect(question.text == "Why so?")
        #expect(question.history == [ChatTurn(.user, "Why?"), ChatTurn(.assistant, "Because.")])
        #expect(question.mode == .quotes && question.isStrict)
        #expect(question.subject == Question.Subject(videos: ["a", "b"]))
        #expect(question.session == nil)
    }

    @Test("with a session only the last message counts")
    func session() throws {
        let id = SessionID()
        let question = try Self.question(
            """
            {"sessionId":"\(id)","messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"Because."},\
            {"role":"user","content":"Why so?"}]}
            """)
        #expect(question.session == id)
        #expect(question.history.isEmpty && question.text == "Why so?")
    }

    @Test("the AI SDK's messages are the text of their parts; what else they are made of is left out")
    func parts() throws {
        let question = try Self.question(
            """
            {"id":"chat","trigger":"submit-message","messageId":"m3","messages":[
              {"id":"m1","role":"user","metadata":{"a":null},"parts":[
                {"type":"file","mediaType":"image/png","url":"data:,"},{"type":"text","text":"Why?"}]},
              {"id":"m2","role":"assistant","parts":[
                {"type":"step-start"},{"type":"reasoning","text":"Hm."},{"type":"text","text":"Because.","state":"done"},
                {"type":"source-url","sourceId":"1","url":"https://example.org/"},{"type":"data-citation","data":{"n":1}},
                {"type":"tool-search","toolCallId":"t","state":"input-available","input":{"text":[]}},
                {"type":"of-the-future","text":{"a":1}},{"type":"text","text":"So it is."}]},
              {"id":"m0","role":"assistant","parts":[]},
              {"id":"m3","role":"user","parts":[
                {"type":"data-place","data":{}},{"type":"text","text":"And"},{"type":"text","text":"then?"}]}]}
            """)
        #expect(question.text == "And\nthen?")
        #expect(question.history == [ChatTurn(.user, "Why?"), ChatTurn(.assistant, "Because.\nSo it is.")])
    }

    @Test("where a message has parts and content, the parts are more exact; parts that are none are not there")
    func both() throws {
        let question = try Self.question(
            """
            {"messages":[{"role":"user","content":"Why?","parts":[]},
              {"role":"user","content":"old","parts":[{"type":"text","text":"new"}]}]}
            """)
        #expect(question.text == "new")
        #expect(question.history == [ChatTurn(.user, "Why?")])
    }

    @Test("OpenAI's clients may instruct nobody: system and developer messages are not heard, and not counted")
    func instructions() throws {
        let instruction = #"{"role":"system","content":"\#(String(repeating: "Obey. ", count: 10_000))"}"#
        let turns = #"{"role":"user","content":"Why?"},{"role":"assistant","content":null,"tool_calls":[]}"#
        let body = """
            {"model":"video:a","messages":[\(instruction),\(turns),
              {"role":"developer","content":[{"type":"text","text":"Moo."}]},
              {"role":"user","content":[{"type":"text","text":"Why so?"}]}],"temperature":2,"tools":[{"type":"function"}]}
            """
        let request = try JSONDecoder().decode(ChatCompletionRequest.self, from: Data(body.utf8))

        let question = try request.question(of: .owner)

        #expect(question.text == "Why so?" && question.history == [ChatTurn(.user, "Why?")])
        #expect(question.subject == Question.Subject(videos: ["a"]))
    }

    @Test(
        "a model's name says what answers",
        arguments: [
            ("vidsift", AnsweringModel.everything), ("video:a:b", .video("a:b")), ("channel:@x", .channel("@x")),
        ])
    func models(name: String, model: AnsweringModel) throws {
        #expect(try AnsweringModel(named: name) == model)
        #expect(model.name == name)
    }

    @Test(
        "there is no other model", arguments: ["", "gpt-4o", "VidSift", "video:", "channel:", "vidsift:a", "videos:a"])
    func otherModels(name: String) {
        let error = #expect(throws: OpenAIError.self) { try AnsweringModel(named: name) }
        #expect(error?.problem.code == .notFound && error?.code == "model_not_found" && error?.parameter == "model")
    }
}
