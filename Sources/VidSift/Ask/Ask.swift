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
        let id = RunID()
        return try await database.transaction { tx in
            let (session, scope, history) = try await session(of: question, titled: text, on: tx)
            try await ChatMessage.append(to: session, run: id, role: .user, content: text, on: tx)
            try await RunRecord.begin(
                id, in: session, owner: question.owner, question: text, by: holder, on: tx)
            return Run(
                id: id, session: session, owner: question.owner, question: text, scope: scope, history: history,
                mode: question.mode, isStrict: question.isStrict)
        }
    }

    private func session(
        of question: Question, titled text: String, on tx: some SQLRunner
    ) async throws -> (SessionID, Scope, history: [ChatTurn]) {
        guard let id = question.session else {
            let scope = try await question.subject.scope(on: tx)
            let session = try await ChatSession.create(owner: question.owner, scope: scope, title: text, on: tx)
            return (session, scope, question.history)
        }
        guard let session = try await ChatSession.get(id, owner: question.owner, on: tx) else {
            throw AskError.noSuchSession
        }
        let scope =
            question.subject.isEverything ? session.scope : try await question.subject.scope(on: tx)
        return (id, scope, try await history(of: id, on: tx))
    }

    /// The last messages of a session that fit into what a client may send, too.
    private func history(of session: SessionID, on tx: some SQLRunner) async throws -> [ChatTurn] {
        var bytes = 0
        let messages = try await ChatMessage.last(Self.maximumHistory, of: session, on: tx)
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
