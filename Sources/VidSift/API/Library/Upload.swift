internal import Captions
internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Synchronization

extension API {
    /// Bytes of a form besides its file.
    private static let maximumFormBytes = 256 << 10

    /// `POST /api/videos/upload`
    func uploadVideo(_ request: Request, _ context: APIContext) async throws -> Response {
        let (upload, channel) = try await receive(request)
        let outcome = try await accept(upload, channel: channel, requester: context.caller.id)
        guard let video = try await Video.get(outcome.videoID, on: database) else {
            throw AskError.noSuchVideo(outcome.videoID.description)
        }
        let words = upload.isRecording ? UploadWords.recording : .captions
        return accepted(outcome, video, words, job: try await queueID(of: outcome))
    }

    /// Reads the form; nobody but the upload has the bytes of its file then.
    private func receive(_ request: Request) async throws -> (Upload, ChannelChoice) {
        var request = request
        let boundary = try MultipartForm.boundary(of: request.headers[.contentType])
        let body = try await request.boundedBody(
            maximumUploadBytes + Self.maximumFormBytes, whatIsTooLarge: "The upload")
        let form = try MultipartForm(body, boundary: boundary)
        let upload = try upload(form)
        let channel = try await form.text("channelId").asyncMap { try await self.channel($0).id }
        return (upload, channel.map(ChannelChoice.known) ?? .library)
    }

    /// A file that was sent and what is said about it.
    private struct Upload {
        var content: SentBytes
        var fileName: String
        var title: String?
        var language: String?

        var isRecording: Bool { CaptionFormat(fileName: fileName) == nil }
        var name: SourceName { SourceName(fileName: fileName) }
        /// What it is known by: many talks come as `captions.en.vtt`, and only their titles tell them apart.
        var key: String {
            "upload:\(name.youtubeID ?? "")/\(title.flatMap(Title.init)?.text ?? "")/\(fileName)"
        }
    }

    private func accept(
        _ upload: Upload, channel: ChannelChoice, requester: String
    ) async throws -> Ingest.Outcome {
        let name = upload.name
        guard upload.isRecording else {
            let submission = Ingest.Submission(
                bytes: Array(upload.content.take().readableBytesView), fileName: upload.fileName, key: upload.key,
                sourceID: name.sourceID, youtubeID: name.youtubeID, title: upload.title,
                language: upload.language ?? name.language)
            return try await ingest.accept(submission, channel: channel, requester: requester)
        }
        return try await AudioFolder.with { folder in
            let path = folder + "/upload"
            try upload.content.take().write(to: path)
            let submission = RecordingIntake.Submission(
                path: path, fileName: upload.fileName, key: upload.key, sourceID: name.sourceID,
                youtubeID: name.youtubeID, title: upload.title, language: upload.language ?? name.language)
            return try await recordings.accept(submission, channel: channel, requester: requester)
        }
    }

    /// The job that makes the transcript or the index, or the last one that made an index.
    private func queueID(of outcome: Ingest.Outcome) async throws -> JobID? {
        if case .accepted(_, let job, _) = outcome { return job }
        let subject = outcome.videoID.description
        for kind in [TranscribeVideoJob.kind, IndexVideoJob.kind] {
            if let job = try await Job.get(kind, subject, on: database) { return job.id }
        }
        return try await ArchivedJob.last(IndexVideoJob.kind, subject, on: database)?.id
    }

    /// The file in a form and what is said about it.
    private func upload(_ form: MultipartForm) throws -> Upload {
        guard let file = form.part("file") else { throw MultipartError.missing("file") }
        guard let fileName = file.fileName else {
            throw Problem.invalid(
                "file: expected a file with a name of 1 to \(MultipartForm.maximumFileNameBytes) bytes.")
        }
        guard file.content.readableBytes <= maximumUploadBytes else {
            throw Problem.tooLarge("The file is too large: at most \(maximumUploadBytes) bytes are taken.")
        }
        guard CaptionFormat(fileName: fileName) != nil || MediaFile.isNamedSo(fileName) else {
            throw IngestError.unsupported(name: fileName)
        }
        let language = try form.text("language")
        guard language.map(SourceName.isLanguageTag) ?? true else {
            throw Problem.invalid(
                "language: expected a tag such as en or pt-BR, found \((language ?? "").quotedForPeople).")
        }
        return Upload(
            content: SentBytes(file.content), fileName: fileName, title: try form.text("title"), language: language)
    }

    private func accepted(
        _ outcome: Ingest.Outcome, _ video: Video, _ words: UploadWords, job: JobID?
    ) -> Response {
        .success(status: .accepted) { json in
            switch outcome {
            case .unchanged where video.isSettled: json.field("message", words.there)
            case .unchanged: json.field("message", words.waiting)
            case .accepted(_, _, isReplacement: true): json.field("message", words.changed)
            case .accepted(_, _, isReplacement: false): json.field("message", words.new)
            }
            json.field("videoId", video.id.description)
            json.field("youtubeId", video.youtubeID)
            json.field("queueId", job?.description)
            if case .unchanged = outcome, video.isSettled { json.field("alreadyProcessed", true) }
        }
    }
}

/// The bytes of a file that was sent, until somebody takes them: those of a recording are on disk while it is made
/// small, which takes minutes, and not in memory as well.
private final class SentBytes: Sendable {
    private let bytes: Mutex<ByteBuffer>

    init(_ bytes: ByteBuffer) { self.bytes = Mutex(bytes) }

    /// Empty after the first time.
    func take() -> ByteBuffer {
        bytes.withLock { bytes in
            defer { bytes = ByteBuffer() }
            return bytes
        }
    }
}

/// What is said of a file that was sent.
private struct UploadWords {
    var there, waiting, changed, new: String

    static let captions = UploadWords(
        there: "These captions are there already.", waiting: "These captions are waiting for their index already.",
        changed: "The changed captions are being indexed.", new: "The captions are being indexed.")
    static let recording = UploadWords(
        there: "This recording is there already.", waiting: "This recording is waiting already.",
        changed: "The changed recording is being transcribed.", new: "The recording is being transcribed.")
}

extension ByteBuffer {
    /// Writes the readable bytes as a file, without a copy of them in memory.
    fileprivate func write(to path: String) throws {
        try withUnsafeReadableBytes { bytes in
            let data =
                bytes.baseAddress.map { start in
                    Data(
                        bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none)
                } ?? Data()
            try data.write(to: URL(fileURLWithPath: path))
        }
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
