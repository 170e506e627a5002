internal import Captions
internal import VidSift

/// Tells what became of the files and links: a line each as it happens, or one JSON document at the end.
struct AddingReport {
    let asJSON: Bool
    private var outcomes: [Adding.Outcome] = []

    init(asJSON: Bool) {
        self.asJSON = asJSON
    }

    var hasFailures: Bool { outcomes.contains(where: \.isFailure) }

    mutating func add(_ outcome: Adding.Outcome) throws {
        outcomes.append(outcome)
        if case .failed(_, let reason) = outcome { Output.error(reason) }
        guard !asJSON else { return }
        switch outcome {
        case .added(let video): try line("added", video)
        case .replaced(let video): try line("replaced", video)
        case .unchanged(let video): try line("unchanged", video)
        case .finished(let video): try line("finished", video)
        case .later(let video, let reason):
            try Output.line("later      \(Clean.line(video.title)): \(Clean.line(reason))")
        case .channel(let channel, let report): try lines(channel, ReportWords(report: report))
        case .skipped(let path, let reason): try Output.line("skipped    \(Clean.line(path)): \(Clean.line(reason))")
        case .failed: break
        }
    }

    private func line(_ what: String, _ video: Video) throws {
        let padding = String(repeating: " ", count: max(1, 11 - what.count))
        try Output.line("\(what)\(padding)\(Clean.line(video.title)) (\(video.duration.timestamp))")
    }

    private func lines(_ channel: Channel, _ words: ReportWords) throws {
        try Output.line("channel    \(Clean.line(channel.title)): \(words.summary)")
        for reason in words.reasons { try Output.line("           \(reason)") }
    }

    func end() throws {
        guard asJSON else { return }
        try Output.document { json in
            json.object { json in
                json.key("files")
                json.array(outcomes) { $1.write(to: &$0) }
            }
        }
    }
}

extension Adding.Outcome {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .added(let video): json.write("added", video)
            case .replaced(let video): json.write("replaced", video)
            case .unchanged(let video): json.write("unchanged", video)
            case .finished(let video): json.write("finished", video)
            case .later(let video, let reason):
                json.write("later", video)
                json.field("reason", reason)
            case .channel(let channel, let report):
                json.field("outcome", "channel")
                json.key("channel")
                channel.write(to: &json)
                json.key("report")
                report.write(to: &json)
            case .skipped(let path, let reason): json.write("skipped", path, reason)
            case .failed(let path, let reason): json.write("failed", path, reason)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ outcome: String, _ video: Video) {
        field("outcome", outcome)
        key("video")
        video.write(to: &self)
    }

    fileprivate mutating func write(_ outcome: String, _ path: String, _ reason: String) {
        field("outcome", outcome)
        field("path", path)
        field("reason", reason)
    }
}
