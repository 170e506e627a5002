internal import Captions
internal import Hummingbird
internal import NIOCore

extension API {
    /// Bytes of a form besides its file.
    private static let maximumFormBytes = 256 << 10

    /// `POST /api/videos/upload`
    func uploadVideo(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let boundary = try MultipartForm.boundary(of: request.headers[.contentType])
        let body = try await request.boundedBody(
            maximumUploadBytes + Self.maximumFormBytes, whatIsTooLarge: "The upload")
        let form = try MultipartForm(body, boundary: boundary)
        let submission = try submission(form)
        let channel = try await form.text("channelId").asyncMap { try await self.channel($0).id }
        let outcome = try await ingest.accept(
            submission, channel: channel.map(ChannelChoice.known) ?? .library, requester: context.caller.id)
        guard let video = try await Video.get(outcome.videoID, on: database) else {
            throw AskError.noSuchVideo(outcome.videoID.description)
        }
        return accepted(outcome, video, job: try await queueID(of: outcome))
    }

    /// The job that makes the index, or the last one that did.
    private func queueID(of outcome: Ingest.Outcome) async throws -> JobID? {
        if case .accepted(_, let job, _) = outcome { return job }
        let subject = outcome.videoID.description
        if let job = try await Job.get(IndexVideoJob.kind, subject, on: database) { return job.id }
        return try await ArchivedJob.last(IndexVideoJob.kind, subject, on: database)?.id
    }

    /// The captions in a form and what is said about them.
    private func submission(_ form: MultipartForm) throws -> Ingest.Submission {
        guard let file = form.part("file") else { throw MultipartError.missing("file") }
        guard let fileName = file.fileName else {
            throw Problem.invalid(
                "file: expected a file with a name of 1 to \(MultipartForm.maximumFileNameBytes) bytes.")
        }
        guard file.content.readableBytes <= maximumUploadBytes else {
            throw Problem.tooLarge("The file is too large: at most \(maximumUploadBytes) bytes are taken.")
        }
        guard CaptionFormat(fileName: fileName) != nil else { throw Self.problem(with: fileName) }
        let name = SourceName(fileName: fileName)
        let language = try form.text("language")
        guard language.map(SourceName.isLanguageTag) ?? true else {
            throw Problem.invalid(
                "language: expected a tag such as en or pt-BR, found \((language ?? "").quotedForPeople).")
        }
        let title = try form.text("title")
        return Ingest.Submission(
            bytes: Array(file.content.readableBytesView), fileName: fileName,
            key: Self.key(fileName, title: title, youtubeID: name.youtubeID), sourceID: name.sourceID,
            youtubeID: name.youtubeID, title: title, language: language ?? name.language)
    }

    /// What an upload is known by: many talks come as `captions.en.vtt`, and only their titles tell them apart.
    private static func key(_ fileName: String, title: String?, youtubeID: String?) -> String {
        "upload:\(youtubeID ?? "")/\(title.flatMap(Title.init)?.text ?? "")/\(fileName)"
    }

    private func accepted(_ outcome: Ingest.Outcome, _ video: Video, job: JobID?) -> Response {
        .success(status: .accepted) { json in
            switch outcome {
            case .unchanged where video.isSettled: json.field("message", "These captions are there already.")
            case .unchanged: json.field("message", "These captions are waiting for their index already.")
            case .accepted(_, _, isReplacement: true): json.field("message", "The changed captions are being indexed.")
            case .accepted(_, _, isReplacement: false): json.field("message", "The captions are being indexed.")
            }
            json.field("videoId", video.id.description)
            json.field("youtubeId", video.youtubeID)
            json.field("queueId", job?.description)
            if case .unchanged = outcome, video.isSettled { json.field("alreadyProcessed", true) }
        }
    }

    /// Endings of recordings, whose speech can't be made into captions yet.
    private static let mediaEndings: Set<Substring> = [
        "mp4", "m4v", "mkv", "webm", "mov", "avi", "mpg", "mpeg", "ts", "flv", "wmv", "3gp", "ogv", "mp3", "m4a", "m4b",
        "aac", "wav", "flac", "ogg", "oga", "opus", "wma", "aiff", "amr",
    ]

    private static func problem(with fileName: String) -> any Error {
        let ending = fileName.lowercased().split(separator: ".").last ?? ""
        guard mediaEndings.contains(ending) else { return IngestError.unsupported(name: fileName) }
        return Problem.invalid(
            "\(fileName): audio and video can't be transcribed by this version; send its captions (.vtt, .srt, …) instead."
        )
    }
}

extension Video {
    /// Searchable, with no change that waits.
    fileprivate var isSettled: Bool { state == .ready && stage == nil }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
