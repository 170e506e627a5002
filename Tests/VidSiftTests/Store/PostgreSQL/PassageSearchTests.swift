import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite(.enabled(if: PostgresPrograms.hasServer, PostgresPrograms.noServer), .timeLimit(.minutes(2)))
struct PassageSearchTests {
    private typealias Passage = SearchFunctionLibrary.Passage

    @Test("vectors are those of the segment, also behind units and where a passage has none", arguments: [3, 384, 768])
    func vectors(dimensions: Int) async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            let library = SearchFunctionLibrary(database: database)
            var numbers = SeededNumbers(seed: UInt64(dimensions))
            var passages = (0..<20).map { Passage(text: "p\($0)", vector: numbers.unitVector(dimensions)) }
            passages[7].vector = nil

            try await library.add(passages, title: "t", language: "en-US")

            let rows = try await database.rows(
                """
                SELECT ordinal, language, model, dimensions, embedding::text AS embedding FROM passage_search
                ORDER BY ordinal
                """, as: Stored.self)
            #expect(rows.map(\.ordinal) == Array(0..<20))
            #expect(rows.allSatisfy { $0.language == "en" && $0.model == "m" })
            for (row, passage) in zip(rows, passages) {
                #expect((row.vector == nil) == (passage.vector == nil))
                #expect(row.dimensions == passage.vector?.count)
                guard let stored = row.vector, let vector = passage.vector else { continue }
                #expect(zip(stored, vector).reduce(0) { $0 + $1.0 * $1.1 } > 0.999)
            }
        }
    }

    @Test("what is replaced or deleted is no longer found")
    func follows() async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            let library = SearchFunctionLibrary(database: database)
            let channel = try await library.channel("c")
            let video = try await library.add(
                [Passage(text: "old words"), Passage(text: "more old words")], title: "t", channel: channel)
            let other = try await library.add([Passage(text: "old stones")], title: "u", channel: channel)

            try await database.transaction { tx in
                try await library.replace([Passage(text: "new words")], of: video, channel: channel, on: tx)
            }
            #expect(try await library.found("keyword_search('old')").map(\.videoID) == [other])
            #expect(try await library.found("keyword_search_channel('c', 'words')").map(\.body) == ["new words"])

            _ = try await database.transaction { try await Video.delete(video, on: $0) }
            #expect(try await library.found("keyword_search('words')").isEmpty)
            _ = try await database.transaction { try await Channel.delete(channel, on: $0) }
            #expect(try await database.value("SELECT count(*) FROM passage_search", as: Int.self) == 0)
        }
    }

    @Test("a segment that can't be read is stored all the same, and its passages are found by their words")
    func damaged() async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            let library = SearchFunctionLibrary(database: database)
            let passages = [Passage(text: "some words", vector: [1, 0, 0])]
            let video = try await library.add(passages, title: "t", language: "fr")
            let whole = SearchFunctionLibrary.segment(passages, language: "fr")
            var newer = whole
            newer[4] = 2
            var manyUnits = whole
            manyUnits[26] = 255
            var longer = whole
            longer[28] = 200
            for bytes in [
                newer, manyUnits, longer, Array(whole.dropLast()), Array(whole.prefix(30)), [], [0, 255, 92],
            ] {
                try await database.execute("UPDATE segments SET bytes = \(bytes) WHERE video_id = \(video)")
                let row = try await database.first(
                    "SELECT ordinal, language, model, dimensions, embedding::text AS embedding FROM passage_search",
                    as: Stored.self)
                #expect(row?.language == "fr")
                #expect(row?.vector == nil)
            }
            // Every byte of the header and of what follows may be anything.
            for place in 0..<min(whole.count, 200) {
                var bytes = whole
                bytes[place] ^= 0xFF
                try await database.execute("UPDATE segments SET bytes = \(bytes) WHERE video_id = \(video)")
                #expect(try await database.value("SELECT count(*) FROM passage_search", as: Int.self) == 1)
            }
        }
    }

    @Test("changes are told to whoever listens, when they are committed")
    func notices() async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            var events = database.notifications(on: ["vidsift_scopes", "vidsift_jobs"]).makeAsyncIterator()
            guard case .connected = await events.next() else {
                Issue.record("the listener did not connect")
                return
            }
            let library = SearchFunctionLibrary(database: database)
            let channel = try await library.channel("c")
            try await library.add([Passage(text: "words")], title: "t", channel: channel)
            var told: Set<String> = []
            while told.count < 2, let event = await events.next() {
                if case .notified(let name, let payload) = event { told.insert("\(name) \(payload)") }
            }
            #expect(told == ["vidsift_scopes \(channel)", "vidsift_jobs "])
        }
    }

    private struct Stored: RowDecodable {
        let ordinal: Int
        let language: String
        let model: String
        let dimensions: Int?
        let vector: [Float]?

        init(row: Row) throws {
            ordinal = try row.decode("ordinal")
            language = try row.decode("language")
            model = try row.decode("model")
            dimensions = try row.decode("dimensions")
            let text: String? = try row.decode("embedding")
            vector = text?.dropFirst().dropLast().split(separator: ",").compactMap { Float($0) }
        }
    }
}
