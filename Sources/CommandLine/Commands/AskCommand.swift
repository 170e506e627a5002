internal import ArgumentParser
internal import VidSift

/// `vidsift ask`
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Answer a question; each sentence links to the second at which it was said.",
        discussion: "Exit code 0 says that it was answered, 3 that it was not. --json writes one event a line.")

    /// Whose conversations these are: the same as those over HTTP, where whoever reaches a server on loopback is its owner.
    private static let owner = "owner"

    @Argument(help: "The question.")
    var question: String

    @OptionGroup var subject: SubjectOptions

    @Option(help: ArgumentHelp("The conversation that the question belongs to.", valueName: "id"))
    var session: String?

    @Flag(help: "Answer with the speakers' own sentences, even where a language model is configured.")
    var quotes = false

    @Flag(help: "Leave out sentences that nothing said supports.")
    var strict = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let question = Question(
            text: question, owner: Self.owner, subject: subject.subject, session: try sessionID(),
            mode: quotes ? .quotes : .auto, isStrict: strict)
        let isAnswered = try await options.withLibrary(needsVectors: true) { library in
            try await interruptible { [isJSON = options.json] in
                var answer: any AnswerOutput = isJSON ? JSONAnswer() : PrintedAnswer()
                let run = try await library.runs.start { try await library.ask.begin(question) }
                try await library.runs.answer(run) { try answer.write($0) }
                return answer.isAnswered
            }
        }
        if !isAnswered { throw Failure.notAnswered }
    }

    private func sessionID() throws -> SessionID? {
        guard let session else { return nil }
        guard let id = SessionID(session) else { throw AskError.noSuchSession }
        return id
    }
}
