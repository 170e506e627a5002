internal import Hummingbird
internal import Logging
internal import NIOHTTP1

/// Turns whatever is thrown into a problem, and writes down in full what the client is not told.
struct Problems: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error  // The connection can't be read any further: the server answers and ends it.
        } catch {
            let problem = Problem(error)
            log(error, as: problem, request, context)
            return problem.response(requestID: context.requestID)
        }
    }

    private func log(_ error: any Error, as problem: Problem, _ request: Request, _ context: APIContext) {
        context.logger.log(
            level: problem.logLevel, "a request failed",
            metadata: [
                "requestId": "\(context.requestID)", "status": "\(problem.status.code)",
                "endpoint": "\(request.method) \(context.endpointPath ?? "-")",
                "error": "\(String(reflecting: error))",
            ])
    }
}
