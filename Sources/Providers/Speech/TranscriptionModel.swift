/// Turns speech into text with times.
public protocol TranscriptionModel: Sendable {
    /// The model's name.
    var name: String { get }

    /// The largest file that is taken, in bytes.
    var maximumFileBytes: Int { get }

    /// What is said in a file.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError` when the task is cancelled.
    func transcribe(_ recording: SpeechRecording) async throws -> Transcription

    /// Gives back what the model holds; later calls of ``transcribe(_:)`` fail with ``ProviderError/Kind/closed``.
    func close() async
}

/// A file with speech.
public struct SpeechRecording: Sendable, Hashable {
    /// Where it is; its name's ending tells the format.
    public var path: String
    /// How long it is.
    public var duration: AudioTime
    /// The language that is spoken (BCP 47, such as `en` or `pt-BR`), where it is known.
    public var language: String?

    /// A file.
    public init(path: String, duration: AudioTime, language: String? = nil) {
        self.path = path
        self.duration = duration
        self.language = language
    }
}
