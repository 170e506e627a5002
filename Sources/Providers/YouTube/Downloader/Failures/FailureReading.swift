internal import Foundation

/// Tells from how yt-dlp ended, and from what it wrote to standard error, what went wrong: a pure value.
struct FailureReading {
    private let errors: String
    private let exitCode: Int32
    private let signal: Int32?

    /// The exit code for options that it does not know.
    private static let badOptions: Int32 = 2

    init(errors: String, exitCode: Int32, signal: Int32? = nil) {
        self.errors = errors
        self.exitCode = exitCode
        self.signal = signal
    }

    init(_ result: ChildProcess.Result) {
        self.init(errors: result.errors, exitCode: result.exitCode, signal: result.signal)
    }

    /// The error, with what was said kept for the log.
    ///
    /// - Parameter now: What "in five hours" counts from.
    func error(at now: Date, redaction: LogRedaction) -> YtDlpError {
        let kind = kind
        let wait = kind == .upcoming ? UpcomingTime.wait(in: FailureWords.plain(said)) : nil
        var detail = redaction.redacted(errors.trimmingCharacters(in: .whitespacesAndNewlines))
        if signal != nil || detail.isEmpty { detail += " [exit code \(exitCode)]" }
        return YtDlpError(kind, detail: detail, startsAt: wait.map { now + TimeInterval($0.components.seconds) })
    }

    var kind: YtDlpError.Kind {
        if signal != nil { return .toolCrashed }
        if let kind = FailureWords.kind(of: said) {
            // YouTube no longer knows the account, and then treats us as anybody.
            let areCookiesOld = kind == .botCheck && FailureWords.plain(errors).contains("cookies are no longer valid")
            return areCookiesOld ? .cookies : kind
        }
        if exitCode == Self.badOptions { return .toolOld }
        if errors.contains("Traceback (most recent call last)") || !hasError { return .toolCrashed }
        return .unrecognised
    }

    /// Whether the warnings of a run say that there are captions that YouTube does not show.
    static func saysThatCaptionsAreWithheld(_ errors: String) -> Bool {
        let text = FailureWords.plain(errors)
        return text.contains("because a po token was not provided") || text.contains("subtitles require a po token")
    }

    private static let mark = "ERROR:"

    private var hasError: Bool { errors.contains(Self.mark) }

    /// The last error, which ended the run; without one all the warnings.
    private var said: String {
        guard let last = errors.ranges(of: Self.mark).last else { return errors }
        return String(errors[last.lowerBound...])
    }
}
