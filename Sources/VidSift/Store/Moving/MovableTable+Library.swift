extension MovableTable {
    /// All of a library, in the order in which rows refer to others; what waits for its index comes last.
    static let library: [MovableTable] = [
        MovableTable(
            "channels", key: ["id"],
            ["id": .id, "youtube_id": .text, "title": .text, "created_at": .time]),
        MovableTable(
            "videos", key: ["id"],
            [
                "id": .id, "youtube_id": .text, "channel_id": .id, "source_key": .text, "source_id": .text,
                "checksum": .text, "title": .text, "language": .text, "duration_ms": .integer, "state": .text,
                "passages": .integer, "created_at": .time, "updated_at": .time, "indexed_at": .time,
            ]),
        MovableTable(
            "transcripts", key: ["video_id"], large: ["body"], surplus: .removed, ["video_id": .id, "body": .text]),
        MovableTable(
            "passages", key: ["video_id", "ordinal"], surplus: .removed,
            [
                "video_id": .id, "ordinal": .integer, "channel_id": .id, "start_ms": .integer, "end_ms": .integer,
                "first_cue": .integer, "last_cue": .integer, "chapter": .text, "body": .text, "sentences": .json,
            ]),
        MovableTable(
            "segments", key: ["video_id", "model"], order: ["video_id"], large: ["bytes"], surplus: .removed,
            ["video_id": .id, "model": .text, "channel_id": .id, "bytes": .bytes, "created_at": .time]),
        MovableTable(
            "summaries", key: ["video_id"], surplus: .removed,
            [
                "video_id": .id, "transcript": .text, "model": .text, "wanted_model": .text, "prompt_version": .text,
                "body": .text, "chapters": .json, "created_at": .time,
            ]),
        MovableTable(
            "channel_listings", key: ["channel_id"], surplus: .removed,
            [
                "channel_id": .id, "handle": .text, "state": .text, "job_id": .id, "page_token": .text,
                "listed": .integer, "pages": .integer, "error": .text, "listed_at": .time, "checked_at": .time,
                "feed_etag": .text, "feed_modified": .text, "noticed_job_id": .id, "created_at": .time,
                "updated_at": .time,
            ]),
        MovableTable(
            "channel_followers", key: ["channel_id", "owner"], order: ["channel_id"], surplus: .removed,
            ["channel_id": .id, "owner": .text, "since": .time]),
        MovableTable(
            "video_fetches", key: ["video_id"], surplus: .removed,
            [
                "video_id": .id, "outcome": .text, "reason": .text, "tries": .integer, "tried_at": .time,
                "published_at": .time, "listing": .id, "delisted_at": .time, "updated_at": .time,
            ]),
        MovableTable(
            "deleted_videos", key: ["channel_id", "youtube_id"], order: ["channel_id"], surplus: .removed,
            ["channel_id": .id, "youtube_id": .text, "deleted_at": .time]),
        MovableTable(
            "recordings", key: ["video_id"], surplus: .removed,
            [
                "video_id": .id, "checksum": .text, "title": .text, "language": .text, "bytes": .integer,
                "stage": .text, "last_error": .text, "created_at": .time, "updated_at": .time,
            ]),
        MovableTable(
            "sound_pieces", key: ["video_id", "position"], large: ["bytes"], surplus: .removed,
            ["video_id": .id, "position": .integer, "bytes": .bytes]),
        MovableTable(
            "transcribed_parts", key: ["video_id", "position"], large: ["body"], surplus: .removed,
            ["video_id": .id, "position": .integer, "plan": .text, "body": .text]),
        // Who has refused mail gets none from the new place either.
        MovableTable(
            "mail_recipients", key: ["id"],
            ["id": .id, "address": .text, "token": .text, "refused_at": .time, "created_at": .time]),
        // Counters of what has changed, one a channel.
        MovableTable(
            "scope_versions", key: ["scope"], order: [], surplus: .removed, ["scope": .text, "version": .integer]),
        MovableTable(
            "chat_sessions", key: ["id"],
            [
                "id": .id, "owner": .text, "scope": .json, "video_id": .id, "channel_id": .id, "title": .text,
                "created_at": .time, "updated_at": .time,
            ]),
        MovableTable(
            "chat_messages", key: ["id"],
            [
                "id": .id, "session_id": .id, "run_id": .id, "role": .text, "content": .text, "citations": .json,
                "state": .text, "answered": .truth, "created_at": .time,
            ]),
        MovableTable(
            "runs", key: ["id"],
            [
                "id": .id, "session_id": .id, "owner": .text, "question": .text, "state": .text, "holder": .text,
                "lease_until": .time, "stop_requested": .truth, "followed_until": .time, "has_events": .truth,
                "receipt": .json, "created_at": .time, "ended_at": .time,
            ]),
        MovableTable(
            "ingests", key: ["video_id"], large: ["transcript"], surplus: .removed,
            [
                "video_id": .id, "checksum": .text, "title": .text, "transcript": .text, "stage": .text,
                "last_error": .text, "created_at": .time, "updated_at": .time,
            ]),
    ]

    /// The other tables of a schema, and why they stay. A name that ends in `*` stands for all that begin so.
    static let staying: [String: String] = [
        "schema_migrations": "each engine has migrations of its own",
        "processing_locks": "who works in one database is nothing to another",
        "passage_search*": "made of passages and segments by a trigger, when these arrive",
        "rate_limits": "counts calls of some minutes; not used yet",
        "error_logs": "about the instances of one database; not used yet",
        "jobs": "the program finds accepted transcripts without a job, and gives them one",
        "job_archive": "what was done in one database",
        "job_attempts": "what was tried in one database",
        "workers": "who works in one database",
        "cron_runs": "about the instances of one database",
        "cron_tasks": "about the instances of one database",
        "youtube_pace": "how often one database's instances have asked",
        "quota_days": "what one database's instances have spent",
        "list_pages": "what saves asking for a list again; a library that was copied asks once",
        "run_events": "kept for a day for those who read a stream of one database; the answers are in chat_messages",
    ]
}
