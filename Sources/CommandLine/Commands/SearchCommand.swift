internal import ArgumentParser
internal import Providers
internal import VidSift

/// `vidsift search`
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find the moments that fit, best first.",
        discussion: "Words in quotation marks must occur as they stand: vidsift search '\"low gluten\" bread'")

    @Argument(help: "What to look for.")
    var query: String

    @OptionGroup var subject: SubjectOptions

    @Option(help: "How many moments, from 1 to 100.")
    var limit = 10

    @Option(help: "By words and meaning (hybrid), words (keyword), or meaning (semantic).")
    var mode = SearchMode.hybrid

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 100.") }
        guard query.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw ValidationError("There is nothing to look for in the query.")
        }
    }

    func run() async throws {
        let moments = try await options.withLibrary(needsVectors: mode == .hybrid) { library in
            let scope = try await subject.subject.scope(on: library.database)
            let found = try await library.retriever.retrieve(
                Retriever.Request(question: query, scope: scope, mode: mode, limit: limit))
            // Asked only now: that a model is damaged comes out when it is used.
            if mode == .semantic, let absence = library.embedder.absence { throw SearchError.needsModel(absence) }
            return found.passages.map { FoundMoment($0, query: query) }
        }
        if options.json {
            try Output.document { json in
                json.object { json in
                    json.key("hits")
                    json.array(moments) { $1.write(to: &$0) }
                }
            }
        } else {
            for moment in moments { try Output.line(moment.text(on: .current)) }
            if moments.isEmpty { Output.raw("Nothing was found.") }
        }
    }
}

/// Why there can't be a search.
enum SearchError: Error, CustomStringConvertible {
    /// A search by meaning without vectors would find nothing, whatever is asked.
    case needsModel(String)

    var description: String {
        switch self {
        case .needsModel(let absence): "--mode semantic needs an embedding model: \(absence)."
        }
    }
}

extension SearchMode: ExpressibleByArgument {}
