internal import Hummingbird

/// Refuses what another web page makes a browser send.
///
/// Listening on loopback keeps other machines out, not other pages: a page's script can call `127.0.0.1`, and a name
/// of its own can be made to point there (DNS rebinding). The first is told by `Origin`, the second by `Host`.
struct LocalCallersOnly: RouterMiddleware {
    let allowedOrigins: Set<String>

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, CallingPage.isLoopback(authority: authority) else {
            throw Problem.forbidden(
                "Requests must name this machine in Host (localhost, 127.0.0.1 or [::1]), as no credential is configured."
            )
        }
        for origin in request.headers[values: .origin] {
            let origin = CallingPage.normalised(origin)
            guard origin == "http://" + authority.lowercased() || allowedOrigins.contains(origin) else {
                throw Problem.forbidden(
                    "Pages of this origin may not call. ALLOWED_ORIGINS lists those that may.")
            }
        }
        return try await next(request, context)
    }
}

/// What the headers say about the page behind a request.
enum CallingPage {
    /// An origin in the form in which origins are compared.
    static func normalised(_ origin: String) -> String {
        let origin = origin.lowercased()
        return origin.hasSuffix("/") ? String(origin.dropLast()) : origin
    }

    /// Whether `host`, `host:port` or `[v6]:port` means this very machine.
    static func isLoopback(authority: String) -> Bool {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return false }
            return authority[...end] == "[::1]" && isPort(authority[authority.index(after: end)...])
        }
        let host = authority.prefix { $0 != ":" }
        guard isPort(authority[host.endIndex...]) else { return false }
        if host.lowercased() == "localhost" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    /// Nothing, or a colon and digits.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
    }
}
