import Captions
import Foundation

@testable import VidSift

/// Looks at what clients received of one answer, as one who knows the recordings and nothing of how answers are made.
struct PipelineCheck {
    private(set) var faults: [String] = []
    private let library: HostileLibrary
    private let asking: HostileAsking

    /// - Parameter said: all that the model has said in the conversation: that it may repeat.
    init(
        _ received: ReceivedAnswer, of events: [NumberedEvent], run: RunID, to asking: HostileAsking,
        in library: HostileLibrary, said: String
    ) throws {
        self.library = library
        self.asking = asking
        checkOrder(received)
        checkSources(received)
        for (citation, _) in received.citations { check(citation, received) }
        checkText(received)
        checkSecrets(received, said)
        try checkOthers(events, run: run, received, said)
    }

    private mutating func checkOrder(_ received: ReceivedAnswer) {
        let types = received.types
        if types.first != "session" { faults.append("the session is not first") }
        if types.count(where: { $0 == "done" || $0 == "error" }) != 1 || !["done", "error"].contains(types.last) {
            faults.append("it does not end once: \(types)")
        }
        guard let all = received.events.last?.citations else { return }
        if all != received.citations.map(\.citation) { faults.append("the end has other citations than the answer") }
        if received.isAnswered, all.isEmpty { faults.append("answered without a citation") }
    }

    private mutating func checkSources(_ received: ReceivedAnswer) {
        for (place, passage) in received.passages.enumerated() {
            if passage.n != place + 1 { faults.append("source \(passage.n) at \(place + 1)") }
            if !asking.videos.contains(passage.videoId) { faults.append("a source of \(passage.videoId)") }
        }
        for coverage in received.events.compactMap(\.coverage) where coverage.videosInScope != asking.videos.count {
            faults.append("\(coverage.videosInScope) videos are said to be in scope")
        }
    }

    /// It begins with a cue of a recording in scope, whose words are its own; it is in the source that it names; it leads
    /// to that recording.
    private mutating func check(_ citation: ReceivedAnswer.Event.Citation, _ received: ReceivedAnswer) {
        guard asking.videos.contains(citation.videoId), let recording = library.recordings[citation.videoId] else {
            return faults.append("a citation of another recording: \(citation)")
        }
        let start = MediaTime(seconds: citation.start)
        if !recording.cues.contains(where: { $0.start == start && citation.text.hasPrefix($0.spoken) }) {
            faults.append("nobody says so at \(start.timestamp): \(citation)")
        }
        let source = received.passages.first { $0.n == citation.n }
        if source?.videoId != citation.videoId || source?.text.contains(citation.text) != true {
            faults.append("its source does not say so: \(citation)")
        }
        if citation.timestamp != start.timestamp || citation.end < citation.start {
            faults.append("its times are wrong: \(citation)")
        }
        if citation.url != url(of: recording, second: Int(citation.start)) { faults.append("its link: \(citation)") }
        if citation.videoTitle != recording.title { faults.append("its title: \(citation)") }
    }

    /// A second before the words, as the contract has it.
    private func url(of recording: HostileLibrary.Recording, second: Int) -> String {
        let from = max(0, second - 1)
        let own = "\(library.library.components.settings.publicURL)/videos/\(recording.id)?t=\(from)"
        return recording.youtubeID.map { "https://www.youtube.com/watch?v=\($0)&t=\(from)s" } ?? own
    }

    private mutating func checkText(_ received: ReceivedAnswer) {
        let marks = received.citations.map { citation, end in
            let title = asking.spansVideos ? citation.videoTitle : nil
            return (text: CitationMark.text(at: MediaTime(seconds: citation.start), title: title), end: end)
        }
        let spoken = received.passages.reduce(into: Set<String>()) { $0.formUnion(TypedTimes.all(in: $1.text)) }
        faults += AnswerTextCheck(received.text, marks: marks, spokenTimes: spoken).faults
    }

    /// Of others there is nothing but what the model has made up, and that only where it speaks.
    private mutating func checkSecrets(_ received: ReceivedAnswer, _ said: String) {
        for (event, line) in zip(received.events, received.lines) {
            let speaks = event.type == "content" || event.type == "session"
            for word in library.foreignWords(in: line) where !speaks || !said.localizedCaseInsensitiveContains(word) {
                faults.append("\(word) in \(event.type)")
            }
            if line.contains(HostileLibrary.key) { faults.append("the key in \(event.type)") }
        }
    }

    /// The clients of other protocols read the same text and the same links.
    private mutating func checkOthers(
        _ events: [NumberedEvent], run: RunID, _ received: ReceivedAnswer, _ said: String
    ) throws {
        let urls = received.citations.map(\.citation.url)
        var rendering = AISDKRendering(run: run)
        let stream = rendering.stream(events)
        let message = try UIMessageStream(stream)
        if message.text != received.text { faults.append("the AI SDK's text is another") }
        if message.all("source-url").map({ $0["url"] as? String }) != urls { faults.append("the AI SDK's links") }
        var completing = OpenAIRendering(ChatCompletion(run: run, model: "vidsift"), asksForUsage: true)
        let completion = completing.stream(events)
        let completed = try ReceivedCompletion(completion)
        if completed.text != received.text { faults.append("OpenAI's text is another") }
        if completed.urls != urls { faults.append("OpenAI's links") }
        for other in [stream, completion] {
            let words = library.foreignWords(in: other).filter { !said.localizedCaseInsensitiveContains($0) }
            if !words.isEmpty { faults.append("\(words) in another rendering") }
            if other.contains(HostileLibrary.key) { faults.append("the key in another rendering") }
        }
    }
}
