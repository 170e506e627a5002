internal import Database
internal import Providers

/// An answer that could not be made, though its reader is still there.
struct AnswerFailure: Error {
    var cause: any Error

    /// What the reader is told.
    var event: AnswerEvent {
        switch cause {
        case let error as DatabaseError where error.isRetryable:
            .failed(message: "The database is busy.", code: "not_ready", isRetryable: true)
        case let error as ProviderError:
            .failed(
                message: error.description, code: error.isRetryable ? "upstream_unavailable" : "upstream_rejected",
                isRetryable: error.isRetryable)
        default:
            .failed(message: "The answer failed inside the server.", code: "internal", isRetryable: false)
        }
    }
}
