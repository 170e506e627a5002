internal import Database
internal import Providers

extension AnswerEvent {
    /// What a client is told of an error; nil where nobody is left to be told: the run was cancelled or the client left.
    init?(failure error: any Error) {
        switch error {
        case let error as DatabaseError:
            let code = error.isRetryable ? "not_ready" : "internal"
            self = .failed(
                message: error.isRetryable ? "The database is busy." : "The answer failed inside the server.",
                code: code, isRetryable: error.isRetryable)
        case let error as ProviderError:
            self = .failed(
                message: error.description, code: error.isRetryable ? "upstream_unavailable" : "upstream_rejected",
                isRetryable: error.isRetryable)
        default:
            return nil
        }
    }
}
