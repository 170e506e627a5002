internal import Crypto
internal import Foundation
internal import Hummingbird

/// A page for people: a title, a body, our own style, and no right to load or run anything.
enum Page {
    /// - Parameter hasForm: whether its forms may be sent, to us. A browser then tells us, and nobody else, where they
    ///   come from: without that it says that they come from nowhere, and they are refused.
    static func response(title: String, hasForm: Bool = false, _ body: (inout HTML) -> Void) -> Response {
        var html = HTML()
        html.markup("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        html.markup("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
        html.escaped(title)
        html.markup("</title>\n<style>")
        html.markup(style)
        html.markup("</style></head>\n<body>\n")
        body(&html)
        html.markup("</body></html>\n")
        var response = Response.text(html.text, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] = contentSecurityPolicy(hasForm: hasForm)
        response.headers[.xFrameOptions] = "DENY"
        response.headers[.referrerPolicy] = hasForm ? "same-origin" : "no-referrer"
        return response
    }

    private static func contentSecurityPolicy(hasForm: Bool) -> String {
        """
        default-src 'none'; style-src 'sha256-\(styleHash)'; base-uri 'none'; \
        form-action \(hasForm ? "'self'" : "'none'"); frame-ancestors 'none'
        """
    }

    private static let styleHash = Data(SHA256.hash(data: Data(String(describing: style).utf8))).base64EncodedString()

    private static let style: StaticString = """
        body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
        ol{list-style:none;padding:0}li{display:flex;gap:1rem;padding:.15rem .5rem}
        .t{flex:0 0 4.5rem;text-align:right;color:#667;font-variant-numeric:tabular-nums}
        #now{background:#fff3b0;outline:none;scroll-margin-top:40vh}
        a{color:#0b57d0}.s{color:#667}
        button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;border:0;border-radius:.5rem;
        background:#0b57d0;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #8ab4f8;outline-offset:2px}
        .quiet{background:none;color:#0b57d0;border:1px solid}
        @media (prefers-color-scheme:dark){body{background:#16181c;color:#e6e6e6}a{color:#8ab4f8}#now{background:#4d4200}
        .t,.s{color:#9aa3b2}button{background:#8ab4f8;color:#16181c}
        .quiet{background:none;color:#8ab4f8}}
        """
}
