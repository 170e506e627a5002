internal import Captions
internal import Database
internal import Foundation
internal import Logging

/// Answers questions: retrieve, judge, choose the sentences, cite, record.
package struct Ask: Sendable {
    /// Passages that are retrieved and shown as sources.
    static let maximumSources = 10

    let database: Database
    let retriever: Retriever
    let logger: Logger

    /// A question that was accepted: its session is there and the question is stored.
    package struct Run: Sendable {
        package let id: RunID
        package let session: SessionID
        package let question: String
        let scope: Scope
    }

    /// Checks a question and stores it, in one transaction with the session it begins.
    ///
    /// - Throws: `AskError`, `DatabaseError`.
    package func begin(_ question: Question) async throws -> Run {
        let text = question.text.trimmed
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw AskError.emptyQuestion }
        guard text.utf8.count <= Question.maximumBytes else {
            throw AskError.questionTooLong(bytes: text.utf8.count, maximum: Question.maximumBytes)
        }
        let run = RunID()
        return try await database.transaction { tx in
            let (session, scope) = try await session(of: question, titled: text, on: tx)
            try await ChatMessage.append(to: session, run: run, role: .user, content: text, on: tx)
            return Run(id: run, session: session, question: text, scope: scope)
        }
    }

    private func session(
        of question: Question, titled text: String, on tx: some SQLRunner
    ) async throws -> (SessionID, Scope) {
        guard let id = question.session else {
            let scope = try await question.subject.scope(on: tx)
            let session = try await ChatSession.create(owner: question.owner, scope: scope, title: text, on: tx)
            return (session, scope)
        }
        guard let session = try await ChatSession.get(id, owner: question.owner, on: tx) else {
            throw AskError.noSuchSession
        }
        let scope =
            question.subject.isEverything ? session.scope : try await question.subject.scope(on: tx)
        return (id, scope)
    }

    /// Answers an accepted question; ends with `done` or `failed`, and stores the answer however it ends.
    ///
    /// - Parameter emit: is given each event in order; what it throws ends the run.
    /// - Throws: `CancellationError`, and what `emit` throws; the answer is then stored as stopped.
    package func answer(_ run: Run, emit: (AnswerEvent) async throws -> Void) async throws {
        var text = ""
        var isRecorded = false
        do {
            try await emit(.session(run.session, run: run.id, question: run.question))
            let answer = try await quotedAnswer(to: run)
            try await emit(.sources(answer.sources, answer.coverage))
            for part in answer.parts {
                text += part.text
                try await emit(.content(part.text))
                if let citation = part.citation { try await emit(.citation(citation)) }
            }
            try await record(run, text: text, outcome: answer.outcome)
            isRecorded = true
            try await emit(.done(answer.outcome))
        } catch let failure as AnswerFailure {
            await recordEnd(run, text: text, as: .failed)
            logger.error(
                "a question could not be answered",
                metadata: ["run": "\(run.id)", "error": "\(String(reflecting: failure.cause))"])
            try await emit(failure.event)
        } catch {
            // The answer is stored already when only its last event could not be sent.
            if !isRecorded { await recordEnd(run, text: text, as: .stopped) }
            throw error
        }
    }

    /// The answer; what fails in the making is told apart from a reader who has left.
    private func quotedAnswer(to run: Run) async throws -> QuotedAnswer {
        do {
            return try await QuotedAnswer.make(for: run, with: retriever)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw AnswerFailure(cause: error)
        }
    }

    private func record(_ run: Run, text: String, outcome: AnswerEvent.Outcome) async throws {
        do {
            try await database.transaction { tx in
                try await ChatMessage.append(
                    to: run.session, run: run.id, role: .assistant, content: text,
                    citations: Citation.json(outcome.citations), answered: outcome.isAnswered, on: tx)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw AnswerFailure(cause: error)
        }
    }

    /// Stores an answer that failed or was stopped. It must be written although the task may be cancelled, so it runs
    /// in a task of its own, for which this one waits.
    private func recordEnd(_ run: Run, text: String, as state: ChatMessage.State) async {
        let writing = Task { [database, logger] in
            do {
                try await database.transaction { tx in
                    try await ChatMessage.append(
                        to: run.session, run: run.id, role: .assistant, content: text, state: state, on: tx)
                }
            } catch {
                logger.error("the end of a run was not stored", metadata: ["run": "\(run.id)", "error": "\(error)"])
            }
        }
        await writing.value
    }
}

extension Scope {
    /// Whether answers must say which video they quote.
    var spansVideos: Bool { onlyVideo == nil }
}
