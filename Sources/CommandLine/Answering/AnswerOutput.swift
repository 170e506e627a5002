internal import ArgumentParser
internal import Captions
internal import Foundation
internal import VidSift

/// Writes the events of an answer as they come.
protocol AnswerOutput {
    /// Whether the question was answered; false until the end.
    var isAnswered: Bool { get }

    /// - Throws: `OutputClosed`; `ExitCode` after telling of a failure.
    mutating func write(_ event: AnswerEvent) throws
}

/// One JSON object a line, the same as in the server's stream.
struct JSONAnswer: AnswerOutput {
    private(set) var isAnswered = false

    mutating func write(_ event: AnswerEvent) throws {
        try Output.document { event.write(to: &$0) }
        switch event {
        case .done(let outcome): isAnswered = outcome.isAnswered
        case .failed: throw ExitCode.failure
        case .session, .sources, .content, .citation: break
        }
    }
}

/// Text for people: the answer with its moments as links, then the list of them.
struct PrintedAnswer: AnswerOutput {
    private(set) var isAnswered = false
    private let terminal = Terminal.current
    /// The last piece of text: it is held back until it is known whether a citation follows.
    private var held = ""
    /// The line ends behind the last piece: they are written when more text comes, not at the end.
    private var lineEnds = ""

    mutating func write(_ event: AnswerEvent) throws {
        switch event {
        case .session, .sources: break
        case .content(let text):
            try flush()
            held = Clean.text(text)
        case .citation(let citation):
            link(citation)
            try flush()
        case .done(let outcome):
            try flush()
            try end(outcome)
        case .failed(let message, _, _):
            try flush()
            Output.error(message)
            throw ExitCode.failure
        }
    }

    /// Makes a link of the moment that stands last in the held text.
    private mutating func link(_ citation: Citation) {
        let moment = "[\(citation.start.timestamp)]"
        guard let range = held.range(of: moment, options: .backwards) else { return }
        held.replaceSubrange(range, with: terminal.link(moment, to: citation.video.url(at: citation.start)))
    }

    private mutating func flush() throws {
        let text = held.prefix(held.count - held.reversed().prefix { $0.isNewline }.count)
        if !text.isEmpty {
            try Output.write(lineEnds + text)
            lineEnds = ""
        }
        lineEnds += held.dropFirst(text.count)
        held = ""
    }

    private mutating func end(_ outcome: AnswerEvent.Outcome) throws {
        isAnswered = outcome.isAnswered
        try Output.write("\n")
        guard !outcome.citations.isEmpty else { return }
        try Output.line("\n" + terminal.strong("Sources"))
        for citation in outcome.citations {
            let url = citation.video.url(at: citation.start)
            let moment = terminal.link("[\(citation.start.timestamp)]", to: url)
            try Output.line("  \(moment) \(Clean.line(citation.video.title))  \(terminal.dim(Clean.line(url)))")
        }
    }
}
