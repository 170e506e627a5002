internal import Hummingbird

extension API {
    /// The largest body that is taken and not looked at: `List-Unsubscribe=One-Click`, in one form or another.
    private static let largestClick = 16 << 10

    /// `GET /unsubscribe?token=…`: asks whether mail is to end. It ends nothing: programs look at the links in mail.
    func unsubscribePage(_ request: Request, _ context: APIContext) async throws -> Response {
        let recipient = try await MailRecipient.find(token: token(of: request), on: database)
        return try page(of: recipient)
    }

    /// `POST /unsubscribe?token=…`: ends mail to whoever has the link, be it by the page's button or by that of his mail
    /// program (RFC 8058); with `again=true` he gets it again.
    func unsubscribe(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        _ = try await request.boundedBody(Self.largestClick, whatIsTooLarge: "The request body")
        let wantsMail = try RequestQuery(request).choice("again", default: Again.false) == .true
        let recipient = try await MailRecipient.set(wantsMail: wantsMail, token: token(of: request), on: database)
        return try page(of: recipient)
    }

    private enum Again: String, CaseIterable {
        case `true`, `false`
    }

    private func token(of request: Request) throws -> String {
        // No database stores a NUL.
        guard let token = try RequestQuery(request).text("token"), !token.utf8.contains(0) else {
            throw Problem.invalid("token: expected the one of the link.")
        }
        return token
    }

    private func page(of recipient: MailRecipient?) throws -> Response {
        guard let recipient else { throw Problem.notFound("This link is not known here (any more).") }
        let wantsMail = recipient.refusedAt == nil
        var response = Page.response(title: "Mail from VidSift", hasForm: true) { html in
            html.markup("<h1>Mail from VidSift</h1>\n<p>")
            html.markup(
                wantsMail
                    ? "The address that got this link is told by mail when something ends that was asked for with it."
                    : "No more mail goes to the address that got this link.")
            html.markup("</p>\n<form method=\"post\" action=\"?token=")
            html.escaped(recipient.token)
            if !wantsMail { html.markup("&amp;again=true") }
            html.markup("\"><button>")
            html.markup(wantsMail ? "No more mail" : "Send mail again")
            html.markup("</button></form>\n")
        }
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
