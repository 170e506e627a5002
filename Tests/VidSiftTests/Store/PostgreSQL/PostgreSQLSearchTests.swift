import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite(.enabled(if: PostgresPrograms.hasServer, PostgresPrograms.noServer), .timeLimit(.minutes(2)))
struct PostgreSQLSearchTests {
    private typealias Library = SearchFunctionLibrary
    private typealias Passage = SearchFunctionLibrary.Passage

    @Test("keyword search finds stems in each language, over all, in a channel and in a video")
    func keywords() async throws {
        try await withLibrary { library in
            let farm = try await library.channel("Farm")
            let bees = try await library.add(
                [Passage(text: "The queen is laying eggs."), Passage(text: "Scouts dance on the comb.")],
                title: "bees", channel: farm, youtubeID: "dQw4w9WgXcQ")
            try await library.add([Passage(text: "A hen lays an egg each day.")], title: "hens", channel: farm)
            let german = try await library.add(
                [Passage(text: "Die Hühner legen Eier."), Passage(text: "Ein Ei am Tag, sagt das Huhn.")],
                title: "huhn", language: "de-DE")

            let all = try await library.found("keyword_search('egg')")
            #expect(Set(all.map(\.title)) == ["bees", "hens"])
            let hit = try #require(all.first { $0.videoID == bees })
            #expect((hit.ordinal, hit.start, hit.end) == (0, 0.5, 30.5))
            #expect(hit.url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=0s")
            #expect((hit.channelID, hit.youtubeID, hit.headline) == (farm, "dQw4w9WgXcQ", nil))
            #expect(hit.score > 0 && hit.keywordScore == hit.score && hit.similarity == nil)

            #expect(try await library.found("keyword_search('Hühnern')").map(\.videoID) == [german, german])
            #expect(try await library.found("keyword_search_channel('Farm', 'eggs')").count == 2)
            #expect(try await library.found("keyword_search_channel('@Farm', 'ei')").isEmpty)
            for name in ["bees", "dQw4w9WgXcQ", bees.description] {
                #expect(try await library.found("keyword_search_video(\(name), 'laying')").map(\.videoID) == [bees])
            }
        }
    }

    @Test("a query is read as in a web search: phrases, OR, words to leave out; found words are marked where wanted")
    func queryLanguage() async throws {
        try await withLibrary { library in
            try await library.add(
                [
                    Passage(text: "The red house is old."), Passage(text: "The house is red."),
                    Passage(text: "A blue boat.", chapter: "Harbours"),
                ], title: "t")
            let ordinals = { (query: String) in
                try await library.found("keyword_search(\(query))").map(\.ordinal).sorted()
            }
            #expect(try await ordinals("red house") == [0, 1])
            #expect(try await ordinals(#""red house""#) == [0])
            #expect(try await ordinals("house -old") == [1])
            #expect(try await ordinals("boat OR old") == [0, 2])
            #expect(try await ordinals("harbour") == [2])
            let marked = try await library.found("keyword_search('boats', headlines => true)")
            #expect(marked.count == 1 && marked.first?.headline?.contains("blue **boat**") == true)
        }
    }

    @Test(
        "a query that asks for nothing finds nothing, and one full of signs does no harm",
        arguments: [
            "", "   ", "the of and", "-house", "'; DROP TABLE videos; --", #"\ & | ! ( ) <-> :* "" ' % _ $1 {}"#,
            "zebra\\' OR 1=1", String(repeating: "x ", count: 5000), "🐝 <b>",
        ])
    func hostile(query: String) async throws {
        try await withLibrary { library in
            let vector = Self.axis(0)
            try await library.add([Passage(text: "The red house is old.", vector: vector)], title: "t")
            #expect(try await library.found("keyword_search(\(query))").isEmpty)
            let hybrid = try await library.found("hybrid_search(\(query), \(Library.text(vector))::text::halfvec)")
            #expect(hybrid.count == 1)
            #expect(try await library.database.value("SELECT count(*) FROM videos", as: Int.self) == 1)
        }
    }

    @Test("how many are given is bounded, whatever is asked for")
    func bounds() async throws {
        try await withLibrary { library in
            try await library.add((0..<250).map { Passage(text: "word \($0)", vector: Self.near(0, $0)) }, title: "t")
            let vector = Library.text(Self.axis(0))
            for (wanted, given) in [(-5, 1), (0, 1), (3, 3), (200, 200), (100_000, 200)] {
                #expect(try await library.found("keyword_search('word', max_results => \(wanted)::int)").count == given)
                #expect(
                    try await library.found(
                        "similarity_search(\(vector)::text::halfvec, max_results => \(wanted)::int)"
                    ).count == given)
                #expect(
                    try await library.found(
                        "hybrid_search('word', \(vector)::text::halfvec, max_results => \(wanted)::int)"
                    ).count == given)
            }
            #expect(try await library.found("keyword_search('word', max_results => NULL)").count == 10)
        }
    }

    @Test("similarity search gives the nearest first, of the scope and the model that are wanted")
    func similarity() async throws {
        try await withLibrary { library in
            let channel = try await library.channel("Maths")
            let first = try await library.add(
                [Passage(text: "a", vector: Self.axis(1)), Passage(text: "b", vector: Self.mixed(1, 2))],
                title: "one", channel: channel, model: "m")
            let second = try await library.add([Passage(text: "c", vector: Self.axis(1))], title: "two", model: "other")
            try await library.add([Passage(text: "without")], title: "three", model: "")
            let query = Library.text(Self.axis(1))

            let all = try await library.found("similarity_search(\(query)::text::halfvec)")
            #expect(all.map(\.body) == ["a", "c", "b"])
            #expect(zip(all, [1, 1, 0.7071]).allSatisfy { abs($0.score - $1) < 0.001 && $0.similarity == $0.score })
            let scoped: [(SQL, [VideoID])] = [
                ("similarity_search_channel('Maths', \(query)::text::halfvec)", [first, first]),
                ("similarity_search_video('two', \(query)::text::halfvec)", [second]),
                ("similarity_search(\(query)::text::halfvec, only_model => 'other')", [second]),
                ("similarity_search(\(query)::text::halfvec, only_model => 'unknown')", []),
            ]
            for (call, videos) in scoped { #expect(try await library.found(call).map(\.videoID) == videos) }
        }
    }

    @Test("hybrid search puts first what both words and meaning find, and shows both scores")
    func hybrid() async throws {
        try await withLibrary { library in
            let channel = try await library.channel("Sea")
            try await library.add(
                [
                    Passage(text: "Nothing of the kind.", vector: Self.axis(5)),
                    Passage(text: "The tide turns.", vector: Self.axis(6)),
                    Passage(text: "Water rises.", vector: Self.axis(4)),
                    Passage(text: "High water, that is the tide.", vector: Self.mixed(4, 5)),
                    Passage(text: "No vector, but a tide."),
                ], title: "sea", channel: channel)
            let query = Library.text(Self.axis(4))
            for call: SQL in [
                "hybrid_search('high tide', \(query)::text::halfvec)",
                "hybrid_search_channel('Sea', 'high tide', \(query)::text::halfvec)",
                "hybrid_search_video('sea', 'high tide', \(query)::text::halfvec)",
            ] {
                let found = try await library.found(call)
                #expect(found.map(\.ordinal).prefix(2) == [3, 2])
                #expect(found.count == 5)
                #expect(found.allSatisfy { (0...1).contains($0.score) })
                #expect(found.first?.keywordScore ?? 0 > 0)
                #expect(abs((found.first?.similarity ?? 0) - 0.7071) < 0.001)
                #expect(found.last { $0.ordinal == 4 }?.similarity == nil)
            }
            let words = try await library.found(
                "hybrid_search('tide', \(query)::text::halfvec, keyword_weight => 1000)")
            #expect(Set(words.prefix(3).map(\.ordinal)) == [1, 3, 4])
        }
    }

    @Test("a vector that nothing can be compared with, and a name that nothing has, are told clearly")
    func mistakes() async throws {
        try await withLibrary { library in
            #expect(try await library.found("similarity_search('[1,2,3]')").isEmpty)
            try await library.add([Passage(text: "a", vector: Self.axis(0))], title: "one")
            let mistakes: [(SQL, String)] = [
                ("similarity_search('[1,2,3]')", "has 3 dimensions; those of the passages have 384"),
                ("hybrid_search('x', '[1,2]')", "has 2 dimensions; those of the passages have 384"),
                ("similarity_search('[0,0,0]')", "is missing or has no length"),
                ("similarity_search(NULL)", "is missing or has no length"),
                ("keyword_search_video('nothing', 'x')", "there is no video 'nothing'"),
                ("similarity_search_channel('nowhere', '[1,2,3]')", "there is no channel 'nowhere'"),
            ]
            for (call, message) in mistakes {
                let error = await #expect(throws: DatabaseError.self) { try await library.found(call) }
                #expect(error?.debugDescription.contains(message) == true, "\(String(describing: error))")
            }
        }
    }

    @Test("a role with every grant but no policy sees nothing, through tables and functions")
    func anonymousRole() async throws {
        try await withLibrary { library in
            let vector = Library.text(Self.axis(0))
            try await library.add([Passage(text: "a house", vector: Self.axis(0))], title: "one")
            await #expect(throws: RolledBack.self) {
                try await library.database.transaction { tx in
                    try await tx.execute("CREATE ROLE vidsift_test_anon")
                    try await tx.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO vidsift_test_anon")
                    try await tx.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO vidsift_test_anon")
                    try await tx.execute("SET LOCAL ROLE vidsift_test_anon")
                    let tables = try await tx.values(
                        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'", as: String.self)
                    for table in tables {
                        let rows = try await tx.value("SELECT count(*) FROM \(unescaped: table)", as: Int.self)
                        #expect(rows == 0, "\(table)")
                    }
                    for call: SQL in [
                        "keyword_search('house')", "similarity_search(\(vector)::text::halfvec)",
                        "hybrid_search('house', \(vector)::text::halfvec)",
                    ] {
                        #expect(try await tx.value("SELECT count(*) FROM \(call)", as: Int.self) == 0)
                    }
                    throw RolledBack()
                }
            }
        }
    }

    // MARK: -

    private struct RolledBack: Error {}

    private func withLibrary(_ body: (SearchFunctionLibrary) async throws -> Void) async throws {
        try await TestEngine.postgres.withLibraryTables { try await body(SearchFunctionLibrary(database: $0)) }
    }

    private static func axis(_ place: Int) -> [Float] {
        var vector = [Float](repeating: 0, count: Library.dimensions)
        vector[place] = 1
        return vector
    }

    private static func mixed(_ one: Int, _ other: Int) -> [Float] {
        zip(axis(one), axis(other)).map { ($0 + $1) * Float(0.5).squareRoot() }
    }

    /// The farther from an axis, the greater the number.
    private static func near(_ place: Int, _ number: Int) -> [Float] {
        var vector = axis(place)
        vector[place + 1] = Float(number) / 250
        return vector
    }
}
