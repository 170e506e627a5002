import Database
import Foundation
import Testing

@Suite("vidsift eval")
struct EvalTests {
    private func library() async throws -> Vidsift {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.bread, to: "talks/bread.vtt")
        try vidsift.writeCaptions(Vidsift.tides, to: "talks/tides.vtt")
        let added = try await vidsift.run("add", "talks", "--channel", "talks")
        try #require(added.status == 0, "\(added.errors)")
        try vidsift.write(
            """
            {"qid":"1","scope":"channel","channel":"talks","video_id":"bread","question":"Why does rye bread stay low?","answerable":true,"spans":[{"start":15,"end":25}]}
            {"qid":"2","scope":"video","channel":"talks","video_id":"tides","question":"Which machine predicted the tide?","answerable":true,"spans":[{"start":10,"end":15}]}
            {"qid":"3","scope":"channel","channel":"talks","video_id":"tides","question":"Who won the football championship in Uruguay?","answerable":false,"spans":[]}
            {"qid":"4","scope":"channel","channel":"talks","video_id":"lost","question":"What is lost?","answerable":true,"spans":[{"start":0,"end":5}]}
            {"qid":"5","scope":"channel","channel":"elsewhere","video_id":"x","question":"What is there?","answerable":true,"spans":[{"start":0,"end":5}]}
            """, to: "qa.jsonl")
        return vidsift
    }

    @Test("figures come as a table and as JSON; what the library hasn't is left out and said")
    func figures() async throws {
        let vidsift = try await library()

        let table = try await vidsift.run("eval", "qa.jsonl", "--mode", "hybrid", "--mode", "keyword")
        let json = try await vidsift.run("eval", "qa.jsonl", "--json", "--results", "results.jsonl")

        #expect(table.status == 0, "\(table.errors)")
        #expect(table.output.contains("qa.jsonl: 2 questions with an answer"))
        #expect(
            table.output.contains(
                "left out, because the library hasn't it: 2 questions (channel elsewhere, video lost)"))
        let result = try #require(try json.list("results").first)
        #expect(result["hitAt1"] as? Double == 1)
        #expect(result["questions"] as? Int == 2)
        #expect((result["abstention"] as? [String: Int])?["rightlyRefused"] == 1)
        let lines = try String(contentsOf: vidsift.folder.appending(path: "results.jsonl"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains("\"qid\":\"1\"") && lines[0].contains("\"video_id\":\"bread\""))
        #expect(lines[2].contains("\"abstained\":true"))
    }

    @Test("asking changes nothing in the library's conversations")
    func leavesNoTrace() async throws {
        let vidsift = try await library()
        let path = vidsift.data.appending(path: "vidsift.sqlite").path

        try await vidsift.run("eval", "qa.jsonl")

        let database = try await Database.sqlite(at: path)
        #expect(try await database.value("SELECT count(*) FROM chat_messages", as: Int.self) == 0)
        try await database.close()
    }

    @Test("wrong sets are refused in one line, with the place")
    func refused() async throws {
        let vidsift = try await library()
        try vidsift.write("{\"qid\":\"1\"}\n", to: "bad.jsonl")

        let bad = try await vidsift.run("eval", "bad.jsonl")
        let absent = try await vidsift.run("eval", "nowhere.jsonl")
        let channel = try await vidsift.run("eval", "qa.jsonl", "--channel", "nobody")
        let semantic = try await vidsift.run("eval", "qa.jsonl", "--mode", "semantic")

        #expect(bad.status == 1 && bad.errors.contains("error: bad.jsonl, line 1: question is missing"))
        #expect(absent.status == 1 && absent.errors.hasPrefix("error: nowhere.jsonl can't be read"))
        #expect(channel.status == 1 && channel.errors.contains("There is no channel \"nobody\""))
        #expect(semantic.status == 1 && semantic.errors.contains("needs an embedding model"))
    }
}

@Suite("vidsift eval on the recorded sets")
struct RecordedSetTests {
    @Test(
        "score.py of the fixtures finds the same figures in the results as eval itself",
        .enabled(if: Fixtures.path("score.py") != nil, "../shared/fixtures is not there"))
    func sameFigures() async throws {
        let script = try #require(Fixtures.path("score.py"))
        let questions = try #require(Fixtures.path("qa/own_qa.jsonl"))
        let vidsift = try Vidsift()
        for name in ["auto", "scotus"] {
            let added = try await vidsift.run(
                "add", try #require(Fixtures.path("transcripts/\(name)")), "--channel", name)
            #expect(added.status == 0, "\(added.errors)")
        }

        let result = try #require(
            try await vidsift.run("eval", questions, "--json", "--results", "results.jsonl").list("results").first)
        // score.py counts what it finds no result for as a miss: it is given the questions that were asked.
        let asked = try String(contentsOf: vidsift.folder.appending(path: "results.jsonl"), encoding: .utf8)
            .split(separator: "\n").compactMap { $0.split(separator: "\"").dropFirst(3).first.map(String.init) }
        let lines = try String(contentsOfFile: questions, encoding: .utf8).split(separator: "\n")
            .filter { line in asked.contains { line.contains("\"qid\": \"\($0)\"") } }
        try vidsift.write(lines.joined(separator: "\n"), to: "asked.jsonl")
        let scores = try await vidsift.shell("python3 '\(script)' asked.jsonl results.jsonl")

        func figure(_ name: String, places: Int = 3) throws -> String {
            String(format: "%.\(places)f", try #require(result[name] as? Double))
        }
        #expect(asked.count > 10 && scores.status == 0, "\(scores.errors)")
        let expected = """
            video@1 \(try figure("videoAt1")) hit@1 \(try figure("hitAt1")) hit@5 \(try figure("hitAt5")) \
            hit@10 \(try figure("hitAt10")) MRR@10 \(try figure("mrrAt10")) \
            median|start err| \(try figure("medianPassageStartErrorSeconds", places: 1))s
            """
        #expect(scores.output.contains(expected), "\(scores.output) against \(expected)")
    }
}
