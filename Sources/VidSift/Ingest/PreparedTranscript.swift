internal import Captions
internal import Crypto
internal import Database

extension Ingest {
    /// What is stored of captions that were checked.
    struct Prepared: Sendable {
        /// The transcript as JSON.
        var json: String
        var title: Title
        var language: String?
        /// SHA-256 of the captions' bytes and of what was said about them, hexadecimal.
        var checksum: String
    }
}

extension Ingest.Prepared {
    /// Reads and checks captions.
    ///
    /// - Parameters:
    ///   - chapters: where the captions have none of their own.
    ///   - maximumBytes: the longest transcript that is kept, as JSON.
    /// - Throws: `IngestError` where no speech can be made of them.
    init(
        _ submission: Ingest.Submission, chapters: [Chapter] = [], maximumBytes: Int = Transcript.maximumBytes
    ) throws {
        var transcript = try Self.transcript(of: submission)
        if transcript.chapters.isEmpty { transcript.chapters = chapters }
        json = transcript.formatted(as: .json3)
        guard json.utf8.count <= maximumBytes else {
            throw IngestError.tooLarge(name: submission.fileName, bytes: json.utf8.count, maximum: maximumBytes)
        }
        let name = SourceName(fileName: submission.fileName)
        let titles = [submission.title, transcript.title, name.title, submission.fileName]
        title = titles.lazy.compactMap(\.self).compactMap(Title.init).first ?? .untitled
        language = transcript.language
        var checksum = SourceChecksum()
        checksum.update(submission.bytes)
        self.checksum = checksum.value(title: submission.title, language: submission.language)
    }

    /// What is stored of a transcript that was made here.
    ///
    /// - Parameter name: of the recording, for errors.
    /// - Throws: `IngestError` where nobody speaks in it, or where it is too long.
    init(_ transcript: Transcript, name: String, maximumBytes: Int = Transcript.maximumBytes) throws {
        guard transcript.cues.contains(where: { !$0.spoken.isEmpty }) else { throw IngestError.noSpeech(name: name) }
        json = transcript.formatted(as: .json3)
        guard json.utf8.count <= maximumBytes else {
            throw IngestError.tooLarge(name: name, bytes: json.utf8.count, maximum: maximumBytes)
        }
        title = transcript.title.flatMap(Title.init) ?? .untitled
        language = transcript.language ?? LanguageGuess.of(transcript.beginning)
        checksum = SHA256.hash(data: Array(json.utf8)).hexadecimal
    }

    private static func transcript(of submission: Ingest.Submission) throws -> Transcript {
        guard !submission.bytes.isEmpty else { throw IngestError.empty(name: submission.fileName) }
        guard submission.bytes.count <= Transcript.maximumBytes else {
            throw IngestError.tooLarge(
                name: submission.fileName, bytes: submission.bytes.count, maximum: Transcript.maximumBytes)
        }
        do {
            var transcript = try Transcript(captions: submission.bytes, fileName: submission.fileName)
            guard transcript.cues.contains(where: { !$0.spoken.isEmpty }) else {
                throw IngestError.noSpeech(name: submission.fileName)
            }
            transcript.language =
                submission.language ?? transcript.language ?? LanguageGuess.of(transcript.beginning)
            return transcript
        } catch let error as CaptionError {
            throw IngestError.captions(name: submission.fileName, reason: error.description)
        }
    }

    /// The source that the captions are the content of.
    func source(of submission: Ingest.Submission) -> VideoSource {
        VideoSource(
            key: submission.key, sourceID: submission.sourceID, youtubeID: submission.youtubeID, checksum: checksum,
            title: title, language: language)
    }
}

extension Transcript {
    /// What is spoken in the beginning: enough to tell the language by.
    fileprivate var beginning: String {
        cues.lazy.map(\.spoken).prefix(Self.cuesThatTellTheLanguage).joined(separator: " ")
    }

    private static var cuesThatTellTheLanguage: Int { 200 }
}
