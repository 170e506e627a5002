import Database
import Foundation
import TestModels
import Testing

@Suite("vidsift replay")
struct ReplayTests {
    private static let question = "Which machine predicted the tide?"

    /// A library whose question was answered by a model, the events of the answer, and its run's id.
    private func answered(
        saying answer: LoopbackEndpoint.Answer = LanguageModel.saying("Kelvin built a machine of brass ", "wheels [1].")
    ) async throws -> (vidsift: Vidsift, asked: Vidsift.Result, run: String) {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.bread, to: "Why bread rises.vtt")
        try vidsift.writeCaptions(Vidsift.tides, to: "Tides [dQw4w9WgXcQ].en.vtt")
        try #require(try await vidsift.run("add", ".", "--channel", "talks").status == 0)
        let asked = try await LoopbackEndpoint.run({ _, _ in answer }) { _, address in
            try await vidsift.run(
                "ask", Self.question, "--json", environment: LanguageModel.environment(address))
        }
        let first = try Self.object(try #require(asked.lines.first))
        return (vidsift, asked, try #require(first["runId"] as? String))
    }

    private static func object(_ line: some StringProtocol) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    /// Changes the library's database while no program uses it.
    private func change(_ vidsift: Vidsift, _ statement: SQL) async throws {
        let database = try await Database.sqlite(at: vidsift.data.appending(path: "vidsift.sqlite").path)
        #expect(try await database.execute(statement) > 0)
        try await database.close()
    }

    @Test("the events are those that were sent, to the letter, and the receipt says what they were made of")
    func events() async throws {
        let (vidsift, asked, run) = try await answered()

        let replayed = try await vidsift.run("replay", run, "--json")

        #expect(asked.status == 0 && replayed.status == 0, "\(replayed.errors)")
        let told = replayed.lines.dropLast().map { Substring($0) }
        #expect(Self.text(of: told) == Self.text(of: asked.lines))
        #expect(told.first == asked.lines.first && told.last == asked.lines.last)
        let end = try Self.object(try #require(replayed.lines.last))
        #expect(end["type"] as? String == "receipt" && end["runId"] as? String == run)
        #expect(end["question"] as? String == Self.question && end["state"] as? String == "done")
        let receipt = try #require(end["receipt"] as? [String: Any])
        #expect(receipt["model"] as? String == "test-model" && receipt["finish"] as? String == "stop")
        #expect((receipt["promptVersion"] as? String)?.isEmpty == false && receipt["route"] as? String == "lookup")
        #expect(receipt["queries"] as? [String] == [Self.question])
        let retrieved = try #require(receipt["retrieved"] as? [[String: Any]])
        #expect(!retrieved.isEmpty && retrieved.allSatisfy { $0["videoId"] is String && $0["score"] is Double })
        #expect(receipt["used"] as? [Int] == [1] && (receipt["given"] as? Int ?? 0) >= 1)
        #expect(receipt["usage"] as? [String: Int] == ["promptTokens": 321, "completionTokens": 12])
        let timings = try #require(receipt["timings"] as? [String: Double])
        #expect(Set(timings.keys) == ["rewriteMs", "embedMs", "searchMs", "firstTokenMs", "totalMs"])
        #expect(timings["firstTokenMs", default: 0] > 0)
        #expect(timings["totalMs", default: 0] >= timings["firstTokenMs", default: 0])
    }

    /// Pieces of text may be stored together.
    private static func text(of lines: [Substring]) -> String {
        lines.compactMap { try? object($0)["content"] as? String }.joined()
    }

    @Test("for people: the answer with its sources, then the receipt")
    func printed() async throws {
        let (vidsift, _, run) = try await answered()

        let replayed = try await vidsift.run("replay", run)

        #expect(replayed.status == 0)
        #expect(replayed.output.contains("Kelvin built a machine of brass wheels [0:10]"))
        #expect(replayed.output.contains("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=9s"))
        let receipt = try Self.object(try #require(replayed.lines.last))
        #expect(receipt["model"] as? String == "test-model")
    }

    @Test("an id that is none, and one that no run has, are told in one line", arguments: ["x", UUID().uuidString])
    func unknown(id: String) async throws {
        let (vidsift, _, _) = try await answered()
        let replayed = try await vidsift.run("replay", id)
        #expect(replayed.status == 1 && replayed.output.isEmpty)
        #expect(replayed.errors.hasSuffix("error: There is no such run.\n"))
    }

    @Test("whoever runs the program on the library sees anybody's run")
    func somebodyElses() async throws {
        let (vidsift, asked, run) = try await answered()
        try await change(vidsift, "UPDATE runs SET owner = 'somebody else'")
        try await change(vidsift, "UPDATE chat_sessions SET owner = 'somebody else'")

        let replayed = try await vidsift.run("replay", run, "--json")

        #expect(replayed.status == 0)
        #expect(Self.text(of: replayed.lines) == Self.text(of: asked.lines))
    }

    @Test("when the events are gone the receipt is left, and when that is missing it is said")
    func withoutEvents() async throws {
        let (vidsift, _, run) = try await answered()
        try await change(vidsift, "DELETE FROM run_events")
        try await change(vidsift, "UPDATE runs SET has_events = false")

        let receipt = try await vidsift.run("replay", run)
        try await change(vidsift, "UPDATE runs SET receipt = NULL")
        let nothing = try await vidsift.run("replay", run)
        let json = try await vidsift.run("replay", run, "--json")

        #expect(receipt.status == 0 && receipt.lines.count == 1)
        #expect(receipt.output.contains(#""model":"test-model""#))
        #expect(nothing.status == 0 && nothing.output.hasPrefix("There is no receipt"))
        #expect(try json.json["receipt"] is NSNull)
    }

    @Test("a run that failed shows how, and what was known when it did")
    func failed() async throws {
        let (vidsift, asked, run) = try await answered(saying: LanguageModel.refusing("none"))
        #expect(asked.status == 1)

        let replayed = try await vidsift.run("replay", run, "--json")
        let printed = try await vidsift.run("replay", run)

        #expect(replayed.status == 0)
        let events = try replayed.lines.map { try Self.object($0) }
        #expect(events.suffix(2).map { $0["type"] as? String } == ["error", "receipt"])
        #expect(events.dropLast().last?["code"] as? String == "upstream_rejected")
        #expect(events.last?["state"] as? String == "failed")
        let receipt = try #require(events.last?["receipt"] as? [String: Any])
        #expect(receipt["model"] as? String == "test-model" && receipt["used"] == nil)
        #expect(printed.errors.contains("does not accept the key"))
    }
}
