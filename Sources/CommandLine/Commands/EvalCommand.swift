internal import ArgumentParser
internal import Logging
internal import Providers
internal import VidSift

/// `vidsift eval`
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure against a labelled set.",
        discussion: """
            A set is a file of questions about the library's videos, one JSON object a line:
              {"qid", "question", "channel", "video_id", "scope": "channel|video|channel-multi", "answerable",
               "spans": [{"start", "end", "video_id"}]}     or     {"qid", "video_id", "question", "start", "end"}
            (times in seconds; `channel` is the name under which the videos were added, `video_id` the file's stem or \
            YouTube id); or a folder in BEIR's form (corpus.jsonl, queries.jsonl, qrels/*.tsv), which is searched by \
            itself. A hit is a passage that overlaps the labelled span ± 5 s.
            """)

    @Argument(help: "A file of questions, or a folder in BEIR's form.", completion: .file())
    var set: String

    @Option(help: "Ask this channel, not the one that the labels name.")
    var channel: String?

    @Option(help: "Ask the whole channel or the video, whatever the labels say.")
    var scope: LabelledQuestion.Scope?

    @Option(help: "Passages that are retrieved for a question.")
    var k = 10

    @Option(help: "hybrid, keyword or semantic; may be repeated.")
    var mode: [SearchMode] = [.hybrid]

    @Flag(help: "Let the configured language model answer, and hold its citations against the labels.")
    var answers = false

    @Option(help: ArgumentHelp("Write what was found for each question, in the first mode.", valueName: "file"))
    var results: String?

    @Option(help: "BEIR: only the judgements of this split, such as test.")
    var split: String?

    @Option(help: ArgumentHelp("BEIR: keep the documents' vectors in this file.", valueName: "file"))
    var vectors: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...1000).contains(k) else { throw ValidationError("--k takes a number from 1 to 1000.") }
        guard scope != .severalVideos else { throw ValidationError("--scope takes channel or video.") }
    }

    func run() async throws {
        let progress = ProgressLine()
        defer { progress.clear() }
        progress.begin(set)
        let report = try await RetrievalSet.isOne(set) ? retrievalSet(progress) : questions(progress)
        progress.clear()
        if options.json {
            try Output.document { report.write(to: &$0) }
        } else {
            try Output.write(Clean.text(report.table()))
        }
    }

    private func questions(_ progress: ProgressLine) async throws -> EvaluationReport {
        let questions = try LabelledQuestion.read(set)
        return try await options.withLibrary { library in
            if answers, library.chat == nil { throw EvaluationError.needsChatModel }
            let evaluation = LibraryEvaluation(database: library.database, ask: library.ask)
            var report = EvaluationReport(set: set, rows: [], absence: library.embedder.absence)
            for mode in mode {
                try check(mode, library.embedder)
                var wishes = LibraryEvaluation.Options()
                (wishes.channel, wishes.scope, wishes.limit, wishes.mode) = (channel, scope, k, mode)
                if answers { wishes.answers = .auto }
                let result = try await evaluation.run(questions, wishes) { progress.report(Double($0) / Double($1)) }
                if let results, report.rows.isEmpty { try ResultsFile.write(result.outcomes, to: results) }
                report.rows.append(.init(mode: mode, figures: result.figures))
                report.unknown = result.unknown
            }
            return report
        }
    }

    private func retrievalSet(_ progress: ProgressLine) async throws -> EvaluationReport {
        let documents = try RetrievalSet.read(set, split: split)
        let settings = try await options.settings()
        let embedder = settings.embedding.embedder(logger: .standardError(settings.logLevel))
        for mode in mode { try check(mode, embedder) }
        let evaluation = try await RetrievalSetEvaluation(documents, embedder: embedder, vectorFile: vectors) {
            progress.report(Double($0) / Double($1))
        }
        await embedder.close()
        let rows = mode.map { EvaluationReport.Row(mode: $0, figures: evaluation.run(mode: $0)) }
        return EvaluationReport(set: set, rows: rows, absence: embedder.absence)
    }

    private func check(_ mode: SearchMode, _ embedder: Embedder) throws {
        guard mode == .semantic, let absence = embedder.absence else { return }
        throw EvaluationError.needsModel(mode: mode.rawValue, absence: absence)
    }
}

extension LabelledQuestion.Scope: ExpressibleByArgument {}
