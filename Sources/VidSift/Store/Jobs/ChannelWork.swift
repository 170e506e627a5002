package import Database
package import Foundation

/// How far the videos of a channel have come.
package struct ChannelWork: Sendable, Hashable {
    package var videos: Int
    /// Searchable, with nothing that waits.
    package var processed: Int
    package var failed: Int
    /// Jobs that have not ended, and those of them that run.
    package var open: Int
    package var running: Int
    package var startedAt: Date?
    /// Nil while anything is open.
    package var completedAt: Date?
    /// What runs, or begins next; where nothing is open, what ended last.
    package var jobID: JobID?
    /// What runs.
    package var currentTitle: String?
    package var lastError: String?
}

extension ChannelWork {
    /// - Throws: `DatabaseError`.
    package static func get(_ channel: ChannelID, on db: some SQLRunner) async throws -> ChannelWork {
        let (counts, next, past, error) = try await db.pipeline { pipeline in
            (
                pipeline.rows(countsQuery(of: channel), as: Counts.self),
                pipeline.rows(nextQuery(of: channel), as: Next.self),
                pipeline.rows(pastQuery(of: channel), as: Past.self),
                pipeline.values(lastErrorQuery(of: channel), as: String.self)
            )
        }
        let (count, last) = (try counts.value.first, try past.value)
        let (current, open) = (try next.value.first, count?.open ?? 0)
        return ChannelWork(
            videos: count?.videos ?? 0, processed: count?.processed ?? 0, failed: count?.failed ?? 0, open: open,
            running: count?.running ?? 0,
            startedAt: [count?.startedAt, last.compactMap(\.firstStart).min()].compactMap(\.self).min(),
            completedAt: open > 0 ? nil : last.map(\.finishedAt).max(),
            jobID: current?.id ?? last.first?.id, currentTitle: current?.isRunning == true ? current?.title : nil,
            lastError: try error.value.first)
    }

    private static func countsQuery(of channel: ChannelID) -> SQL {
        """
        SELECT count(DISTINCT v.id) AS videos, count(j.id) AS open, count(*) FILTER (WHERE j.state = 'running') AS running,
            count(*) FILTER (WHERE j.id IS NULL AND v.state = 'ready' AND i.video_id IS NULL) AS processed,
            count(*) FILTER (WHERE j.id IS NULL AND (v.state = 'failed' OR i.stage = 'failed')) AS failed,
            min(j.started_at) AS started_at
        FROM videos v LEFT JOIN ingests i ON i.video_id = v.id
            LEFT JOIN jobs j ON j.kind IN \(list: videoKinds) AND j.subject = CAST(v.id AS TEXT)
        WHERE v.channel_id = \(channel)
        """
    }

    /// What is done with a video before it is searchable; never two of them at a time but while the one ends.
    package static let videoKinds = [FetchVideoJob.kind, TranscribeVideoJob.kind, IndexVideoJob.kind]

    private static func nextQuery(of channel: ChannelID) -> SQL {
        """
        SELECT j.id, j.state, v.title FROM videos v
            JOIN jobs j ON j.kind IN \(list: videoKinds) AND j.subject = CAST(v.id AS TEXT)
        WHERE v.channel_id = \(channel)
        ORDER BY CASE j.state WHEN 'running' THEN 0 WHEN 'pending' THEN 1 ELSE 2 END, j.priority DESC, j.turn,
            j.run_at, j.id
        LIMIT 1
        """
    }

    /// One row, of the job that ended last.
    private static func pastQuery(of channel: ChannelID) -> SQL {
        """
        SELECT a.id, a.finished_at, min(a.started_at) OVER () AS first_start FROM videos v
            JOIN job_archive a ON a.kind IN \(list: videoKinds) AND a.subject = CAST(v.id AS TEXT)
        WHERE v.channel_id = \(channel) ORDER BY a.finished_at DESC, a.id DESC LIMIT 1
        """
    }

    private static func lastErrorQuery(of channel: ChannelID) -> SQL {
        """
        SELECT error FROM (
            SELECT i.last_error AS error, i.updated_at FROM videos v JOIN ingests i ON i.video_id = v.id
            WHERE v.channel_id = \(channel) AND i.stage = 'failed' AND i.last_error IS NOT NULL
            UNION ALL SELECT r.last_error, r.updated_at FROM videos v JOIN recordings r ON r.video_id = v.id
            WHERE v.channel_id = \(channel) AND r.stage = 'failed' AND r.last_error IS NOT NULL
            UNION ALL SELECT f.reason, f.updated_at FROM videos v JOIN video_fetches f ON f.video_id = v.id
            WHERE v.channel_id = \(channel) AND v.state = 'failed' AND f.reason IS NOT NULL) AS errors
        ORDER BY updated_at DESC LIMIT 1
        """
    }

    private struct Counts: RowDecodable {
        let videos, open, running, processed, failed: Int
        let startedAt: Date?

        init(row: Row) throws {
            videos = try row.decode("videos")
            open = try row.decode("open")
            running = try row.decode("running")
            processed = try row.decode("processed")
            failed = try row.decode("failed")
            startedAt = try row.decode("started_at")
        }
    }

    private struct Next: RowDecodable {
        let id: JobID
        let isRunning: Bool
        let title: String

        init(row: Row) throws {
            id = try row.decode("id")
            isRunning = try row.decode("state", as: JobState.self) == .running
            title = try row.decode("title")
        }
    }

    private struct Past: RowDecodable {
        let id: JobID
        let finishedAt: Date
        let firstStart: Date?

        init(row: Row) throws {
            id = try row.decode("id")
            finishedAt = try row.decode("finished_at")
            firstStart = try row.decode("first_start")
        }
    }
}

/// How many channels stand where.
package struct ChannelCounts: Sendable, Hashable {
    package var pending: Int
    package var running: Int
    package var completed: Int
    /// Nothing of them is searchable, and nothing is being tried.
    package var failed: Int
}

extension ChannelCounts: RowDecodable {
    package init(row: Row) throws {
        pending = try row.decode("pending")
        running = try row.decode("running")
        completed = try row.decode("completed")
        failed = try row.decode("failed")
    }
}

extension ChannelCounts {
    /// Those without videos are counted, too; that its list has begun is work on a channel.
    package static func get(on db: some SQLRunner) async throws -> ChannelCounts {
        let counts = try await db.first(
            """
            SELECT count(*) FILTER (WHERE running > 0) AS running,
                count(*) FILTER (WHERE running = 0 AND open > 0) AS pending,
                count(*) FILTER (WHERE open = 0 AND ready = 0 AND failed > 0) AS failed,
                count(*) FILTER (WHERE open = 0 AND (ready > 0 OR failed = 0)) AS completed
            FROM (
                SELECT count(j.id) + count(b.id) AS open,
                    count(*) FILTER (WHERE j.state = 'running' OR b.state IN ('running', 'waiting')
                        OR b.id = l.job_id) AS running,
                    count(*) FILTER (WHERE v.state = 'ready') AS ready,
                    count(*) FILTER (WHERE v.state = 'failed' OR l.state = 'failed') AS failed
                FROM channels c LEFT JOIN videos v ON v.channel_id = c.id
                    LEFT JOIN jobs j ON j.kind IN \(list: ChannelWork.videoKinds) AND j.subject = CAST(v.id AS TEXT)
                    LEFT JOIN channel_listings l ON l.channel_id = c.id
                    LEFT JOIN jobs b ON b.kind = \(ListChannelJob.kind) AND b.subject = CAST(c.id AS TEXT)
                GROUP BY c.id) AS channels
            """, as: ChannelCounts.self)
        return counts ?? ChannelCounts(pending: 0, running: 0, completed: 0, failed: 0)
    }
}
