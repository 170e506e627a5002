/// Why no recording can be taken in as things are.
package enum RecordingRefusal: Sendable, Hashable {
    /// Nobody listens.
    case noTranscriber
    /// A program that reads sound is not installed.
    case programMissing(String)
}

extension RecordingRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noTranscriber:
            """
            a recording needs a transcriber, and none is configured: set TRANSCRIPTION_MODEL (and OPENAI_API_KEY) or \
            TRANSCRIPTION_BASE_URL, or add its captions.
            """
        case .programMissing(let program):
            "a recording needs ffmpeg, and the program \(program) is not in PATH: install ffmpeg."
        }
    }
}
