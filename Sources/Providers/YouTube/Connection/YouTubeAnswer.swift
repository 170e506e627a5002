internal import AsyncHTTPClient
internal import NIOHTTP1

/// An answer of one of YouTube's services, with what is used of its headers.
struct YouTubeAnswer: Sendable {
    var status: Int
    var body: [UInt8]
    var etag: String?
    var lastModified: String?
    /// Where a redirect would have led.
    var location: String?
    var retryAfter: String?
    var date: String?

    init(_ response: HTTPClientResponse, body: [UInt8]) {
        let headers = response.headers
        status = Int(response.status.code)
        self.body = body
        etag = headers.first(name: "etag")
        lastModified = headers.first(name: "last-modified")
        location = headers.first(name: "location")
        retryAfter = headers.first(name: "retry-after")
        date = headers.first(name: "date")
    }

    /// Whether it is a page for people: of consent, of too many requests, of an error.
    var isWebPage: Bool {
        let start = String(decoding: body.prefix(512), as: UTF8.self).lowercased()
        return start.contains("<!doctype html") || start.contains("<html")
    }

    /// The beginning of the body, for the log: more than is kept, so that no half of a key is at its end.
    var beginning: String { String(decoding: body.prefix(4 * ProviderError.maximumDetail), as: UTF8.self) }

    /// The error that the status alone tells, of the service that is called `name`.
    func error(_ name: String, detail: String? = nil) -> ProviderError {
        let detail = detail ?? location ?? beginning
        let wait = RetryHint.wait(milliseconds: nil, retryAfter: retryAfter, date: date, message: nil)
        let mark = "(HTTP \(status))"
        let (kind, reason): (ProviderError.Kind, String) =
            switch status {
            case 300..<400 where isBlock: (.rateLimited, "YouTube wants proof that no robot asks \(mark).")
            case 300..<400: (.invalidResponse, "The \(name) leads elsewhere, which is not followed \(mark).")
            case 401, 403: (.unauthorised, "The \(name) does not allow this \(mark).")
            case 404, 410: (.notFound, "The \(name) does not know this \(mark).")
            case 408, 409, 429: (.rateLimited, "The \(name) asks for fewer requests \(mark).")
            case 500...: (.unavailable, "The \(name) failed \(mark).")
            case 400..<500: (.refused, "The \(name) refused the request \(mark).")
            default: (.invalidResponse, "The \(name) gave an unexpected answer \(mark).")
            }
        return ProviderError(kind, reason, detail: detail, status: status, retryAfter: wait)
    }

    /// Google leads programs that ask too often to a page with a riddle.
    private var isBlock: Bool {
        guard let location, let address = try? WebAddress(location, defaultScheme: "https") else { return false }
        return address.path.hasPrefix("/sorry")
            && (address.host == "google.com" || address.host.hasSuffix(".google.com"))
    }
}
