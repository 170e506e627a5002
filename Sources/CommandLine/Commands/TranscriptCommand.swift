internal import ArgumentParser
internal import Captions
internal import VidSift

/// `vidsift transcript`
struct TranscriptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcript", abstract: "Write what was said in a video.",
        discussion: "What is written can be added again. --json is the same as --format json.")

    /// The forms that a transcript can take.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case txt, vtt, srt, json

        var captions: CaptionFormat {
            switch self {
            case .txt: .text
            case .vtt: .webVTT
            case .srt: .subRip
            case .json: .json3
            }
        }
    }

    @Argument(help: "The video: its id, YouTube id or file name.")
    var video: String

    @Option(help: "txt, vtt, srt or json.")
    var format: Format?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let stored = try await options.withLibrary { library in
            guard let found = try await Video.find(video, on: library.database) else {
                throw AskError.noSuchVideo(video)
            }
            guard let body = try await StoredTranscript.get(found.id, on: library.database) else {
                throw NoTranscriptYet(title: found.title)
            }
            return (title: found.title, body: body)
        }
        var transcript = try Transcript(captions: Array(stored.body.utf8), format: .json3, rolling: .keep)
        transcript.title = transcript.title ?? stored.title
        let text = transcript.formatted(as: (format ?? (options.json ? .json : .txt)).captions)
        // A file gets every byte; a screen only what can't do anything to it.
        try Output.write(Terminal.current.isInteractive ? Clean.text(text) : text)
    }
}

/// A video that is not indexed yet.
struct NoTranscriptYet: Error, CustomStringConvertible {
    var title: String
    var description: String { "\(title) is not indexed yet: `vidsift add` its file again, or `vidsift serve`" }
}
