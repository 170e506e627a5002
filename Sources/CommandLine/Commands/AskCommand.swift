internal import ArgumentParser
internal import VidSift

/// `vidsift ask`
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Answer a question in sentences that were said, each with its link.",
        discussion: "Exit code 0 says that it was answered, 3 that it was not. --json writes one event a line.")

    /// Whose conversations these are: the same as those over HTTP, where whoever reaches a server on loopback is its owner.
    private static let owner = "owner"

    @Argument(help: "The question.")
    var question: String

    @OptionGroup var subject: SubjectOptions

    @Option(help: ArgumentHelp("The conversation that the question belongs to.", valueName: "id"))
    var session: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let isAnswered = try await options.withLibrary(needsVectors: true) { library in
            var answer: any AnswerOutput = options.json ? JSONAnswer() : PrintedAnswer()
            let run = try await library.ask.begin(
                Question(
                    text: question, owner: Self.owner, subject: subject.subject, session: try sessionID()))
            try await library.ask.answer(run) { try answer.write($0) }
            return answer.isAnswered
        }
        if !isAnswered { throw Failure.notAnswered }
    }

    private func sessionID() throws -> SessionID? {
        guard let session else { return nil }
        guard let id = SessionID(session) else { throw AskError.noSuchSession }
        return id
    }
}
