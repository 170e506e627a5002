internal import ArgumentParser
internal import Database
internal import VidSift

/// `vidsift replay`
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Show an answer again, and what it was made of.",
        discussion: """
            The id is the `runId` of the answer's first event. The events of an answer are kept for a day; after that only \
            the receipt is left: what was retrieved, given to the model and used, which model and prompt, tokens and times.
            """)

    @Argument(help: ArgumentHelp("The run's id.", valueName: "run"))
    var id: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await options.withLibrary { library in
            guard let id = RunID(id), let record = try await RunRecord.get(id, on: library.database) else {
                throw RunError.noSuchRun
            }
            if record.hasEvents, record.state != .running { try await replay(id, of: library) }
            if options.json {
                try Output.document { record.write(to: &$0) }
            } else {
                try Output.line(Clean.line(record.receipt ?? "There is no receipt: the run has not ended, or badly."))
            }
        }
    }

    private func replay(_ id: RunID, of library: Components) async throws {
        var answer: any AnswerOutput = options.json ? JSONAnswer() : PrintedAnswer()
        var number = 0
        while true {
            let events = try await library.runs.replayed(id, after: number)
            guard let last = events.last else { return }
            for event in events {
                do {
                    try answer.write(event.event)
                } catch is ExitCode {
                    // The run ended with an error: that was its last event, and it was shown.
                }
            }
            number = last.number
        }
    }
}

extension RunRecord {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("type", "receipt")
            json.field("runId", id.description)
            json.field("sessionId", session.description)
            json.field("question", question)
            json.field("state", state.rawValue)
            json.key("receipt")
            if let receipt { json.raw(receipt) } else { json.null() }
        }
    }
}
