import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Ranges of a table that moves") struct RangePlanTests {
    @Test(
        "the ranges hold each row once, none of them too many, whatever the number of rows",
        arguments: TestEngine.allCases)
    func rows(engine: TestEngine) async throws {
        try await engine.withLibraryTables { database in
            let passages = try #require(MovableTable.library.first { $0.name == "passages" })
            let steps = [0, 1, KeyRange.maximumRows - 1, 1, 1, 2_000, 1_999, 1]
            let video = try await ManyRows.addVideo(to: database)
            var total = 0
            for count in steps {
                try await ManyRows.addPassages(total..<total + count, of: video, to: database)
                total += count

                let ranges = try await Self.ranges(of: passages, on: database)
                let marks = try await Self.marks(of: passages, in: ranges, on: database)

                #expect(marks.allSatisfy { $0.count <= KeyRange.maximumRows })
                #expect(marks.joined().count == total)
                #expect(Set(marks.joined().map(\.key)).count == total)
                #expect(ranges.last?.through == nil && ranges.dropLast().allSatisfy { $0.through != nil })
            }
        }
    }

    @Test("large rows come a few at a time, one that is larger than a range by itself", arguments: TestEngine.allCases)
    func bytes(engine: TestEngine) async throws {
        try await engine.withLibraryTables { database in
            let segments = try #require(MovableTable.library.first { $0.name == "segments" })
            let sizes = [1, 3, 3, 6, 1, 1, 1, 9].map { $0 << 20 }
            for (number, size) in sizes.enumerated() {
                let video = try await ManyRows.addVideo(to: database)
                // A video's segments under several models stay together.
                for model in number == 0 ? ["a", "b"] : ["a"] {
                    try await ManyRows.addSegment(of: video, model: model, bytes: size, to: database)
                }
            }

            let ranges = try await Self.ranges(of: segments, on: database)
            let marks = try await Self.marks(of: segments, in: ranges, on: database)

            #expect(marks.joined().count == sizes.count + 1)
            #expect(marks.allSatisfy { rows in rows.count == 1 || rows.reduce(0) { $0 + $1.size } < 5 << 20 })
            #expect(marks.contains { $0.count > 1 })
        }
    }

    @Test("what a table holds has the same checksum on each engine, and another when one letter differs")
    func checksums() async throws {
        let passages = try #require(MovableTable.library.first { $0.name == "passages" })
        let video = VideoID()
        var summaries: [TableSummary] = []
        for engine in TestEngine.allCases {
            summaries += try await engine.withLibraryTables { database in
                try await ManyRows.addVideo(video, to: database)
                try await ManyRows.addPassages(0..<300, of: video, to: database)
                let first = try await passages.summary(on: database)
                try await database.execute("UPDATE passages SET body = 'Words' WHERE ordinal = 7")
                return [first, try await passages.summary(on: database)]
            }
        }

        #expect(Set(summaries).count == 2)
        #expect(summaries.allSatisfy { $0.rows == 300 && $0.bytes == summaries[0].bytes && $0.checksum.count == 64 })
    }

    private static func ranges(of table: MovableTable, on db: Database) async throws -> [KeyRange] {
        var plan = RangePlan(table)
        var ranges: [KeyRange] = []
        while let range = try await plan.next(on: db) { ranges.append(range) }
        return ranges
    }

    private static func marks(
        of table: MovableTable, in ranges: [KeyRange], on db: Database
    ) async throws -> [[RowMark]] {
        var marks: [[RowMark]] = []
        for range in ranges { marks.append(try await table.marks(in: range, on: db)) }
        return marks
    }
}
