internal import HTTPTypes
internal import Hummingbird

/// A failure in the form in which OpenAI's clients expect it.
struct OpenAIError: Error, Sendable, Hashable {
    var problem: Problem
    /// The parameter that is wrong, where it is one.
    var parameter: String?
    var code: String

    init(problem: Problem, parameter: String? = nil, code: String? = nil) {
        self.problem = problem
        self.parameter = parameter
        self.code = code ?? problem.code.rawValue
    }

    /// What a client of OpenAI's is told of an error.
    init(_ error: any Error) {
        switch error {
        case let error as OpenAIError: self = error
        case AskError.noSuchVideo, AskError.noSuchChannel: self = .noSuchModel(Problem(error).detail)
        default: self.init(problem: Problem(error))
        }
    }

    static func invalid(_ parameter: String, _ detail: String) -> OpenAIError {
        OpenAIError(problem: .invalid("\(parameter): \(detail)"), parameter: parameter)
    }

    static func noSuchModel(_ detail: String) -> OpenAIError {
        OpenAIError(problem: .notFound(detail), parameter: "model", code: "model_not_found")
    }

    /// Writes the error into an object that is open.
    func write(to json: inout JSONWriter) {
        json.key("error")
        json.object { json in
            json.field("message", problem.detail)
            json.field("type", problem.status.kind == .serverError ? "server_error" : "invalid_request_error")
            json.field("param", parameter)
            json.field("code", code)
        }
    }
}

/// Gives the failures under `/v1` the form that OpenAI's clients read.
struct OpenAIErrors: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix("/v1/") else { return try await next(request, context) }
        do {
            return try await next(request, context)
        } catch {
            let failure = OpenAIError(error)
            let cause = (error as? OpenAIError)?.problem ?? error
            // Logged and given its status like any other.
            var response = try await Problems().handle(request, context: context) { _, _ in throw cause }
            response.headers[.contentType] = "application/json"
            response.body = Response.json(failure.write).body
            return response
        }
    }
}
