internal import Hummingbird

extension API {
    /// The largest body that is taken and not looked at: `List-Unsubscribe=One-Click`, in one form or another.
    private static let largestClick = 16 << 10

    /// `GET /unsubscribe?token=…`: asks whether mail is to end. It ends nothing: programs look at the links in mail.
    func unsubscribePage(_ request: Request, _ context: APIContext) async throws -> Response {
        try await answer(request) {
            let recipient = try await MailRecipient.find(token: token(of: request), on: database)
            return try page(of: recipient)
        }
    }

    /// `POST /unsubscribe?token=…`: ends mail to whoever has the link, be it by the page's button or by that of his mail
    /// program (RFC 8058); with `again=true` he gets it again.
    func unsubscribe(_ request: Request, _ context: APIContext) async throws -> Response {
        try await answer(request) {
            var request = request
            _ = try await request.boundedBody(Self.largestClick, whatIsTooLarge: "The request body")
            let wantsMail = try RequestQuery(request).choice("again", default: Again.false) == .true
            let recipient = try await MailRecipient.set(wantsMail: wantsMail, token: token(of: request), on: database)
            return try page(of: recipient)
        }
    }

    private enum Again: String, CaseIterable {
        case `true`, `false`
    }

    /// What is wrong with a link is a page for whoever opens it in a browser, and a problem for a program.
    private func answer(_ request: Request, _ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let problem as Problem where request.headers[.accept]?.contains("text/html") == true {
            return page(of: problem)
        }
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
        return formPage { html in
            html.markup(
                wantsMail
                    ? """
                    <h1>Mail from VidSift</h1>
                    <p>When somebody asks for a channel with the address that got this link, VidSift writes to it when the
                    channel is done. Press the button, and no more mail goes there, whoever asks for it.</p>
                    """
                    : """
                    <h1>You get no more mail</h1>
                    <p>No more mail goes to the address that got this link. You can close this page.</p>
                    <p class="s">Changed your mind?</p>
                    """)
            html.markup("\n<form method=\"post\" action=\"?token=")
            html.escaped(recipient.token)
            html.markup(
                wantsMail
                    ? "\"><button>No more mail</button></form>\n"
                    : "&amp;again=true\"><button class=\"quiet\">Send mail again</button></form>\n")
        }
    }

    private func page(of problem: Problem) -> Response {
        var response = formPage { html in
            html.markup("<h1>This link does not work</h1>\n<p>")
            html.escaped(problem.detail)
            html.markup(
                """
                </p>
                <p class="s">Nothing was changed. Perhaps a part of the link was lost: open it from the newest mail itself,
                or copy all of it.</p>

                """)
        }
        response.status = problem.status
        return response
    }

    private func formPage(_ body: (inout HTML) -> Void) -> Response {
        var response = Page.response(title: "Mail from VidSift", hasForm: true, body)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
