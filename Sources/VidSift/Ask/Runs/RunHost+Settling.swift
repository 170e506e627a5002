internal import Database
internal import Logging

/// How a run ends.
private struct RunEnding: Sendable {
    var state: RunRecord.State
    /// The last event.
    var event: AnswerEvent
    var text: String
    var citations: [Citation]

    var messageState: ChatMessage.State {
        switch state {
        case .done: .complete
        case .stopped: .stopped
        case .failed, .running: .failed
        }
    }

    var isAnswered: Bool {
        if case .done(let outcome) = event { outcome.isAnswered } else { false }
    }
}

extension RunHost {
    /// Stores how a run has ended, and tells its readers.
    func settle(_ run: HostedRun, _ result: Result<Void, any Error>) async {
        let number = await journal.close(run.id)
        let (answer, stop) = run.end()
        guard let ending = ending(of: run, answer, result, stop) else {
            logger.debug("a run is somebody else's, or gone", metadata: ["run": "\(run.id)"])
            return run.feed.finish(.lost)
        }
        do {
            run.feed.show([try await storeWhole(ending, of: run, at: number)])
            run.feed.finish(.complete)
        } catch is RunLost {
            run.feed.finish(.lost)
        } catch {
            logger.error(
                "the end of a run was not stored",
                metadata: ["run": "\(run.id)", "error": "\(String(reflecting: error))"])
            run.feed.finish(.failed(error))
        }
    }

    /// - Returns: nil where the run is not ours to end.
    private func ending(
        of run: HostedRun, _ answer: HostedRun.Answer, _ result: Result<Void, any Error>, _ stop: HostedRun.Stop?
    ) -> RunEnding? {
        var ending = RunEnding(state: .failed, event: .interrupted, text: answer.text, citations: answer.citations)
        switch (result, answer.last, stop) {
        case (_, _, .unstored(is EventsLost)): break
        case (_, _, .unstored(let error)): ending.event = AnswerFailure(cause: error).event
        case (.success, .done(let outcome), _):
            ending.state = .done
            ending.event = .done(outcome)
            ending.citations = outcome.citations
        case (.success, let failure?, _): ending.event = failure
        case (_, _, .lost): return nil
        case (_, _, .wished), (_, _, .unfollowed):
            ending.state = .stopped
            ending.event = .done(.stopped(citing: answer.citations))
        case (_, _, .shutdown): break
        case (_, _, .tookTooLong): ending.event = .tookTooLong
        case (.failure(let error), _, nil): ending.event = failure(error, of: run)
        case (.success, nil, nil): ending.event = failure(EndlessAnswer(), of: run)
        }
        return ending
    }

    private func failure(_ error: any Error, of run: HostedRun) -> AnswerEvent {
        let failure = error as? AnswerFailure ?? AnswerFailure(cause: error)
        logger.error(
            "a question could not be answered",
            metadata: ["run": "\(run.id)", "error": "\(String(reflecting: failure.cause))"])
        return failure.event
    }

    /// Stores the end. An answer of which the database has forgotten something does not end as if it were whole.
    private func storeWhole(_ ending: RunEnding, of run: HostedRun, at number: Int) async throws -> NumberedEvent {
        var ending = ending
        let last: Int
        do {
            last = try await store(ending, of: run, at: number)
        } catch is EventsLost {
            ending.state = .failed
            ending.event = .interrupted
            last = try await store(ending, of: run, at: number)
        }
        return NumberedEvent(number: last, event: ending.event)
    }

    /// Stores the end as the event of that number, or of a later one.
    ///
    /// - Returns: its number.
    private func store(_ ending: RunEnding, of run: HostedRun, at number: Int) async throws -> Int {
        try await patience { [database] in
            do {
                return try await storeOnce(ending, of: run, at: number)
            } catch is RunLost {
                // An earlier attempt may have been written though nobody was told.
                let last = try await RunEvent.last(of: run.id, on: database)
                guard try await RunEvent.get(last, of: run.id, on: database)?.body == ending.event.json else {
                    throw RunLost()
                }
                return last
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                // So may have been events that were given up.
                return try await storeOnce(
                    ending, of: run, at: try await RunEvent.last(of: run.id, on: database) + 1)
            }
        }
    }

    /// One transaction: the answer, the run's state, the last event.
    private func storeOnce(_ ending: RunEnding, of run: HostedRun, at number: Int) async throws -> Int {
        try await database.transaction(attempts: Job.conflictAttempts) { [holder] tx in
            try await RunRecord.close(
                run.id, in: run.session, as: ending.state, receipt: run.receipt.json, right: .holder(holder), on: tx)
            try await ChatMessage.append(
                to: run.session, run: run.id, role: .assistant, content: ending.text.storable,
                citations: Citation.json(ending.citations), state: ending.messageState,
                answered: ending.isAnswered, on: tx)
            if ending.state == .failed {
                try await RunEvent.append(number, of: run.id, ending.event.json, on: tx)
            } else if try await !RunEvent.appendInOrder(number, of: run.id, ending.event.json, on: tx) {
                throw EventsLost()
            }
            return number
        }
    }
}

/// A production that came to its end without a last event.
private struct EndlessAnswer: Error {}

extension AnswerEvent {
    /// The end of an answer that nobody makes any more.
    static let interrupted = AnswerEvent.failed(
        message: "The answer was interrupted. Ask again.", code: "not_ready", isRetryable: true)

    fileprivate static let tookTooLong = AnswerEvent.failed(
        message: "The answer took too long.", code: "not_ready", isRetryable: true)
}

extension AnswerEvent.Outcome {
    /// The end of an answer that somebody has stopped.
    static func stopped(citing citations: [Citation]) -> AnswerEvent.Outcome {
        AnswerEvent.Outcome(
            citations: citations, reason: nil, timings: AnswerEvent.Timings(), usage: nil, wasStopped: true)
    }
}

extension String {
    /// Without the one character that no database stores.
    var storable: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "\u{0}" })) : self
    }
}
