internal import Database
internal import Logging
package import Providers
internal import Synchronization

/// Answers questions: retrieve, judge, choose the sentences, cite.
package struct Ask: Sendable {
    /// Passages that are retrieved and shown as sources.
    static let maximumSources = 10
    /// Messages of a session that are read as its history, at most.
    static let maximumHistory = 40

    let database: Database
    let retriever: Retriever
    /// The language model; nil: answers are quotes.
    let chat: (any ChatModel)?
    /// The process that makes the answers to what is asked here.
    let holder: RunHolder
    let logger: Logger

    /// A question that was accepted: its session is there and the question is stored.
    package struct Run: Sendable {
        package let id: RunID
        package let session: SessionID
        /// Whose it is.
        package let owner: String
        package let question: String
        let scope: Scope
        /// What was said before, oldest first.
        package var history: [ChatTurn] = []
        package var mode = Question.Mode.auto
        package var isStrict = false
        /// Takes what the answer was made of.
        package let receipt = RunReceipt()
    }

    /// Checks a question and stores it, in one transaction with the session it begins and its run.
    ///
    /// - Throws: `AskError`, `DatabaseError`.
    package func begin(_ question: Question) async throws -> Run {
        let text = question.text.trimmed
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw AskError.emptyQuestion }
        guard text.utf8.count <= Question.maximumBytes else {
            throw AskError.questionTooLong(bytes: text.utf8.count, maximum: Question.maximumBytes)
        }
        do {
            return try await store(text, of: question, in: try await conversation(of: question))
        } catch let error as DatabaseError where error.kind == .foreignKeyViolation {
            // What the question is about, or its session, was deleted meanwhile: looked for again, it says so.
            return try await store(text, of: question, in: try await conversation(of: question))
        }
    }

    /// What a question goes on from.
    private struct Conversation: Sendable {
        /// Nil where the question begins one.
        var session: SessionID?
        var scope: Scope
        var history: [ChatTurn]
    }

    private func conversation(of question: Question) async throws -> Conversation {
        guard let id = question.session else {
            return Conversation(scope: try await question.subject.scope(on: database), history: question.history)
        }
        guard let session = try await ChatSession.get(id, owner: question.owner, on: database) else {
            throw AskError.noSuchSession
        }
        return Conversation(
            session: id,
            scope: question.subject.isEverything ? session.scope : try await question.subject.scope(on: database),
            history: try await history(of: id))
    }

    /// One message to the database: nobody else waits while this process is busy.
    private func store(_ text: String, of question: Question, in conversation: Conversation) async throws -> Run {
        let run = Run(
            id: RunID(), session: conversation.session ?? SessionID(), owner: question.owner, question: text,
            scope: conversation.scope, history: conversation.history, mode: question.mode,
            isStrict: question.isStrict)
        try await database.pipeline {
            if conversation.session == nil {
                $0.execute(ChatSession.creation(run.session, owner: run.owner, scope: run.scope, title: text))
            }
            for step in ChatMessage.appending(to: run.session, run: run.id, role: .user, content: text) {
                $0.execute(step)
            }
            $0.execute(RunRecord.beginning(run.id, in: run.session, owner: run.owner, question: text, by: holder))
        }
        return run
    }

    /// The last messages of a session that fit into what a client may send, too.
    private func history(of session: SessionID) async throws -> [ChatTurn] {
        var bytes = 0
        let messages = try await ChatMessage.last(Self.maximumHistory, of: session, on: database)
        return messages.reversed().prefix { message in
            bytes += message.content.utf8.count
            return bytes <= Question.maximumBytes
        }
        .reversed().filter { !$0.content.isEmpty }.map { ChatTurn($0.role == .user ? .user : .assistant, $0.content) }
    }
}

/// What an answer was made of, as JSON: set while it is made, and stored with its end, whatever that is.
package final class RunReceipt: Sendable {
    private let stored = Mutex<String?>(nil)

    package init() {}

    package var json: String? {
        get { stored.withLock(\.self) }
        set { stored.withLock { $0 = newValue } }
    }
}

extension Scope {
    /// Whether answers must say which video they quote.
    var spansVideos: Bool { onlyVideo == nil }
}
