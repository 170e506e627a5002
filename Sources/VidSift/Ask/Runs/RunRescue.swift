package import Database

/// Ends runs whose holder has died: what there is of the answer is kept, and whoever reads is told to ask again.
package enum RunRescue {
    /// How long the clock leaves a run to those who read it, so that a stall of the database ends no run at once.
    private static let patience = Duration.seconds(10)
    /// The most runs that are ended at a time.
    private static let batch = 100
    /// How often a holder that has woken up can come in between.
    private static let attempts = 5
    /// How many events are read at a time.
    private static let pageSize = 256

    /// Ends what was abandoned and nobody reads.
    ///
    /// - Returns: how many runs.
    package static func sweep(_ database: Database) async throws -> Int {
        var ended = 0
        for id in try await RunRecord.abandoned(longerThan: patience, limit: batch, on: database)
        where try await end(id, on: database) { ended += 1 }
        return ended
    }

    /// Ends a run whose lease is over.
    ///
    /// - Returns: false where it is not, or somebody was quicker.
    static func end(_ id: RunID, on database: Database) async throws -> Bool {
        for _ in 1..<attempts {
            do {
                return try await attempt(id, on: database)
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                // The holder has written an event in the same moment: look again whether it lives.
            }
        }
        return try await attempt(id, on: database)
    }

    private static func attempt(_ id: RunID, on database: Database) async throws -> Bool {
        do {
            return try await database.transaction(attempts: Job.conflictAttempts) { tx in
                guard let run = try await RunRecord.get(id, on: tx), run.state == .running, run.isAbandoned else {
                    return false
                }
                try await run.close(as: .failed, receipt: run.receipt, right: .abandoned, on: tx)
                let found = try await StoredAnswer.read(id, on: tx)
                try await ChatMessage.append(
                    to: run.session, run: id, role: .assistant, content: found.text.storable,
                    citations: Citation.json(found.citations), state: .failed, on: tx)
                try await RunEvent.append(found.last + 1, of: id, AnswerEvent.interrupted.json, on: tx)
                return true
            }
        } catch is RunLost {
            return false
        }
    }

    /// What was stored of an answer.
    private struct StoredAnswer {
        var text = ""
        var citations: [Citation] = []
        /// The number of the last event.
        var last = 0

        static func read(_ id: RunID, on tx: some SQLRunner) async throws -> StoredAnswer {
            var answer = StoredAnswer()
            while true {
                let page = try await RunEvent.list(of: id, after: answer.last, limit: pageSize, on: tx)
                for stored in page { answer.add(stored) }
                if page.count < pageSize { return answer }
            }
        }

        private mutating func add(_ stored: RunEvent) {
            last = stored.number
            // What can't be read, because another version has written it, is not part of the message.
            switch try? AnswerEvent(json: stored.body) {
            case .content(let more): text += more
            case .citation(let citation): citations.append(citation)
            case .session, .sources, .done, .failed, nil: break
            }
        }
    }
}
