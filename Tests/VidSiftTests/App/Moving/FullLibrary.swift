import Crypto
import Database
import Foundation
import TestDatabases

@testable import VidSift

/// A library with something in every table: what the program writes, and what is rare.
enum FullLibrary {
    static let question = "How many eggs does the queen lay?"

    static func make(on engine: TestEngine) async throws -> TestLibrary {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.en.vtt", channel: .named("Nature"), title: "Bees")
        try await library.add(SampleTalks.canals, named: "canals [dQw4w9WgXcQ].vtt")
        _ = try await library.ask(question)
        _ = try await library.accept(waiting, named: "waiting.vtt", channel: .named("Nature"))
        try await addRareRows(to: library.components.database)
        return library
    }

    /// A talk that waits for its index.
    private static let waiting = SampleTalks.vtt([
        "A lighthouse lens bends the light of one lamp into a beam.",
        "Fresnel cut the lens into rings of glass, and that made it light.",
    ])

    /// NULLs, empty texts, times before 1970 and to the microsecond, texts of which there are two forms, JSON that a
    /// database may want to write in another way, and something large.
    private static func addRareRows(to db: Database) async throws {
        let (channel, video) = (ChannelID(), VideoID())
        let session = SessionID()
        let times = [-1, 946_684_799_999_999, 1_700_000_000_123_457].map { SQLValue.time(microseconds: $0) }
        try await db.transaction { tx in
            try await tx.execute(
                """
                INSERT INTO channels (id, youtube_id, title, created_at)
                VALUES (\(channel), 'UC_x5XG1OV2P6uZZ5FSM9Ttw', \(String(repeating: "🐝", count: 500)), \(times[0]))
                """)
            try await tx.execute(
                """
                INSERT INTO videos (id, source_key, source_id, title, state, created_at, updated_at)
                VALUES (\(video), \("file:/cafe\u{301}\n\t'\"\\"), '', 'café', 'failed', \(times[1]), \(times[2]))
                """)
            try await tx.execute(
                "INSERT INTO transcripts (video_id, body) VALUES (\(video), \(String(repeating: "é\r\n", count: 1 << 20)))"
            )
            try await tx.execute(
                """
                INSERT INTO summaries (video_id, transcript, model, wanted_model, prompt_version, body, chapters, created_at)
                VALUES (\(video), 'x', '', 'gone', 'summary-0', \("é\r\n\u{1F41D}"),
                    \(#"[ {"title":"\u00e9", "start" : 10} ]"#), \(times[0]))
                """)
            try await tx.execute(
                """
                INSERT INTO channel_listings (channel_id, handle, state, job_id, page_token, listed, pages, error,
                    listed_at, checked_at, feed_etag, feed_modified, created_at, updated_at)
                VALUES (\(channel), '@é.x', 'failed', \(JobID()), 'EAAa', 3, 1, \("two\nlines"), \(times[0]), NULL, NULL,
                    'Wed', \(times[1]), \(times[2]))
                """)
            try await tx.execute(
                "INSERT INTO channel_followers (channel_id, owner, since) VALUES (\(channel), '', \(times[2]))")
            try await tx.execute(
                """
                INSERT INTO video_fetches (video_id, outcome, reason, tries, tried_at, published_at, listing, delisted_at,
                    updated_at)
                VALUES (\(video), 'no_captions', 'none', 2, \(times[1]), \(times[0]), \(JobID()), NULL, \(times[2]))
                """)
            try await tx.execute(
                """
                INSERT INTO deleted_videos (channel_id, youtube_id, deleted_at)
                VALUES (\(channel), 'dQw4w9WgXcQ', \(times[0])), (\(channel), 'DQW4w9WgXcQ', \(times[2]))
                """)
            try await tx.execute(
                """
                INSERT INTO recordings (video_id, checksum, title, language, bytes, stage, last_error, created_at,
                    updated_at)
                VALUES (\(video), 'x', 'café', NULL, 1048577, 'failed', \("two\nlines"), \(times[0]), \(times[2]))
                """)
            for (position, bytes) in [1 << 20, 1].enumerated() {
                try await tx.execute(
                    """
                    INSERT INTO sound_pieces (video_id, position, bytes)
                    VALUES (\(video), \(position), \([UInt8](repeating: 0xA7, count: bytes)))
                    """)
            }
            try await tx.execute(
                """
                INSERT INTO transcribed_parts (video_id, position, plan, body)
                VALUES (\(video), 0, 'x', \(#"{"b" : 1, "a":"\u00e9"}"#))
                """)
            try await tx.execute(
                """
                INSERT INTO mail_recipients (id, address, token, refused_at, created_at)
                VALUES (\(Identifier<MailRecipient>()), 'Some.Body@example.com', '0123456789abcdef0123', NULL, \(times[0])),
                    (\(Identifier<MailRecipient>()), 'no@example.com', '0123456789abcdef4567', \(times[2]), \(times[1]))
                """)
            try await tx.execute(
                """
                INSERT INTO ingests (video_id, checksum, title, transcript, stage, last_error, created_at, updated_at)
                VALUES (\(video), 'x', '', '{}', 'failed', \("two\nlines"), \(times[1]), \(times[2]))
                """)
            try await tx.execute(
                """
                INSERT INTO chat_sessions (id, owner, scope, title, created_at, updated_at)
                VALUES (\(session), 'somebody', \(#"{ "b" : 1.50, "a": 2, "a": 3 }"#), '', \(times[0]), \(times[1]))
                """)
            try await tx.execute(
                """
                INSERT INTO runs (id, session_id, owner, question, state, holder, lease_until, stop_requested,
                    followed_until, has_events, receipt, created_at, ended_at)
                VALUES
                    (\(RunID()), \(session), 'somebody', '', 'running', 'gone', \(times[2]), true, \(times[0]), true,
                        NULL, \(times[0]), NULL),
                    (\(RunID()), \(session), 'somebody', 'é?', 'failed', '', NULL, false, NULL, false,
                        \(#"{ "b" : 1.50, "a": "\u00e9\u0000" }"#), \(times[0]), \(times[1]))
                """)
            let contents = [
                "", "line\r\n\t“é” e\u{301} \u{1F41D}\u{10FFFF}", String(repeating: "long ", count: 200_000),
            ]
            for (content, time) in zip(contents, times) {
                try await tx.execute(
                    """
                    INSERT INTO chat_messages (id, session_id, run_id, role, content, citations, state, answered, created_at)
                    VALUES (\(MessageID()), \(session), \(RunID()), 'assistant', \(content),
                        \(#"[ {"t":"\u00e9\u0000\ud83d\udc1d", "n" : 1e2} ]"#), 'stopped', \(content.isEmpty), \(time))
                    """)
            }
        }
    }
}

/// A library's rows as its engine gives them, to compare: independent of how they were moved.
enum LibraryRows {
    static func all(of library: TestLibrary) async throws -> [String: Set<[String]>] {
        try await all(of: library.components.database)
    }

    static func all(of database: Database) async throws -> [String: Set<[String]>] {
        var tables: [String: Set<[String]>] = [:]
        for table in MovableTable.library {
            let rows = try await database.fetch("SELECT * FROM \(unescaped: table.name)", limit: nil) { row in
                try row.columnNames.enumerated()
                    .map { "\($0.element) = \(text(try row.decode(at: $0.offset)))" }.sorted()
            }
            tables[table.name] = Set(rows)
        }
        return tables
    }

    /// The names of the tables that are not equal.
    static func differing(_ one: TestLibrary, _ other: TestLibrary) async throws -> [String] {
        let (ones, others) = (try await all(of: one), try await all(of: other))
        return ones.keys.filter { ones[$0] != others[$0] }.sorted()
    }

    /// Times and truths are numbers on one engine; large values are shortened, as failures are to be read.
    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number), .time(let number): "\(number)"
        case .boolean(let truth): truth ? "1" : "0"
        case .real(let number): "\(number)"
        case .text(let text): text.utf8.count < 200 ? "'\(Array(text.unicodeScalars))'" : digest(Array(text.utf8))
        case .blob(let bytes): digest(bytes)
        }
    }

    private static func digest(_ bytes: [UInt8]) -> String { "\(bytes.count) bytes \(SHA256.hash(data: bytes))" }
}

extension TestLibrary {
    var movingPlace: LibraryPlace { LibraryPlace(components.settings.storage) }

    func move(
        to other: TestLibrary, onProgress: @escaping @Sendable (LibraryCopy.Progress) -> Void = { _ in }
    ) async throws -> [LibraryCopy.Outcome] {
        try await LibraryMove(
            from: movingPlace, to: other.movingPlace, logger: components.logger, onProgress: onProgress
        ).copy()
    }

    /// What is answered: the text and what it cites.
    func answer(_ question: String) async throws -> (text: String, citations: [Citation]) {
        try await ask(question).reduce(into: ("", [])) { answer, event in
            switch event {
            case .content(let text): answer.0 += text
            case .citation(let citation): answer.1.append(citation)
            case .session, .sources, .done, .failed: break
            }
        }
    }
}

/// What a refusal says; empty where there was none.
func refusal(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return ""
    } catch {
        return "\(error)"
    }
}
