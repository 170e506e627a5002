internal import ArgumentParser
internal import VidSift

/// What a question or a search is about; everything, where nothing is named.
struct SubjectOptions: ParsableArguments {
    @Option(help: "Only this channel: its name or id.")
    var channel: String?

    @Option(
        help: ArgumentHelp("Only this video: its id, YouTube id or file name; may be repeated.", valueName: "video"))
    var video: [String] = []

    var subject: Question.Subject { Question.Subject(videos: video, channel: channel) }

    func validate() throws {
        guard channel == nil || video.isEmpty else {
            throw ValidationError("--channel and --video exclude each other.")
        }
    }
}
