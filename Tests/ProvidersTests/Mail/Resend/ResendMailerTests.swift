import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("Resend's API", .timeLimit(.minutes(1)))
struct ResendMailerTests {
    @Test("is asked once, with the key, the message, and an idempotency key that is the message's id")
    func request() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(200, #"{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}"#)
        } _: { endpoint, address in
            let mailer = Self.mailer(address)
            let message = try Letters.message(
                to: "\"Reader, Ü\" <reader@example.com>", subject: "Fertig 📚",
                html: MailDocument([.heading("<b>")]).html, unsubscribe: "https://vidsift.example/u?t=1")
            try await mailer.send(message)
            try await mailer.send(message)
            await mailer.close()
            let sent = try #require(endpoint.requests.first)
            #expect(sent.path == "/v1/emails" && sent.headers["authorization"] == ["Bearer re-very-secret"])
            #expect(sent.headers["idempotency-key"] == ["0193f0a2@vidsift.example"])
            let json = try #require(try JSONSerialization.jsonObject(with: Data(sent.body)) as? [String: Any])
            #expect(json["from"] as? String == #""VidSift" <noreply@vidsift.example>"#)
            #expect(json["to"] as? [String] == [#""Reader, Ü" <reader@example.com>"#])
            #expect(json["subject"] as? String == "Fertig 📚" && json["text"] as? String == "All 20 videos.\n")
            #expect((json["html"] as? String)?.contains("&lt;b&gt;") == true)
            let headers = json["headers"] as? [String: String]
            #expect(headers?["List-Unsubscribe"] == "<https://vidsift.example/u?t=1>")
            #expect(headers?["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
            // The service compares: the same key with another body is an error.
            #expect(endpoint.requests.map(\.body) == [sent.body, sent.body])
            #expect(endpoint.requests.last?.headers["idempotency-key"] == sent.headers["idempotency-key"])
        }
    }

    @Test(
        "says what is wrong, and whether it passes",
        arguments: [
            (400, "validation_error", MailError.Kind.refused, false), (401, "missing_api_key", .unauthorised, false),
            (401, "validation_error", .unauthorised, false), (403, "validation_error", .unauthorised, false),
            (404, "not_found", .refused, false), (405, "method_not_allowed", .refused, false),
            (409, "invalid_idempotent_request", .refused, false),
            (409, "concurrent_idempotent_requests", .rateLimited, true),
            (422, "missing_required_field", .refused, false), (422, "invalid_from_address", .refused, false),
            (429, "rate_limit_exceeded", .rateLimited, true), (429, "daily_quota_exceeded", .quotaExhausted, true),
            (429, "monthly_quota_exceeded", .quotaExhausted, true), (451, "security_error", .refused, false),
            (500, "application_error", .unavailable, true), (503, "", .unavailable, true),
        ])
    func errors(status: Int, name: String, kind: MailError.Kind, isRetryable: Bool) async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(
                status, #"{"statusCode":\#(status),"name":"\#(name)","message":"words, re-very-secret"}"#,
                status == 429 ? [("retry-after", "7")] : [])
        } _: { endpoint, address in
            let error = await failure(address)
            #expect(error?.kind == kind && error?.isRetryable == isRetryable && error?.code == status)
            #expect(error?.acceptance == (status >= 500 ? .unknownButRepeatable : .no))
            #expect(error?.retryAfter == (status == 429 ? .seconds(7) : nil))
            #expect(error?.detail == "words, [key]" && endpoint.requests.count == 1)
        }
    }

    @Test("that stays silent, hangs up or talks nonsense may have taken the message; to ask again is harmless")
    func broken() async throws {
        for (answer, kind) in [(LoopbackEndpoint.Answer.silence, MailError.Kind.timeout), (.hangUp, .connection)] {
            try await LoopbackEndpoint.run { _, _ in
                answer
            } _: { _, address in
                let error = await failure(address) { if kind == .timeout { $0.requestTimeout = .milliseconds(200) } }
                #expect(error?.kind == kind && error?.isRetryable == true)
                #expect(error?.acceptance == .unknownButRepeatable)
            }
        }
    }

    @Test("that does not end its refusal is not waited for beyond the time there is")
    func endlessRefusal() async throws {
        let head = "HTTP/1.1 503 Busy\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\n"
        try await ScriptedMailServer.run([.anything, .say(head + "begun"), .hang]) { _, port in
            let error = await failure("http://127.0.0.1:\(port)") { $0.requestTimeout = .seconds(3) }
            #expect(error?.kind == .unavailable && error?.code == 503 && error?.detail == "begun")
        }
    }

    @Test("that says yes in another way than it should may have taken the message")
    func anotherYes() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(202, "{}")
        } _: { _, address in
            let error = await failure(address)
            #expect(error?.kind == .invalidResponse && error?.isRetryable == true)
            #expect(error?.acceptance == .unknownButRepeatable)
        }
    }

    @Test("that says yes is believed, whatever its body is", arguments: ["", "<html>", #"{"id":"#])
    func success(body: String) async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(200, body)
        } _: { _, address in
            let mailer = Self.mailer(address)
            try await mailer.send(Letters.message())
            await mailer.close()
        }
    }

    @Test("is not asked for a message that is none")
    func invalid() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(200, "{}")
        } _: { endpoint, address in
            let mailer = Self.mailer(address)
            let error = await #expect(throws: MailError.self) {
                try await mailer.send(Letters.message(subject: "a\r\nBcc: b"))
            }
            await mailer.close()
            #expect(error?.kind == .invalidMessage && endpoint.requests.isEmpty)
        }
    }

    @Test("is hung up on when the task is cancelled")
    func cancellation() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .silence
        } _: { endpoint, address in
            let mailer = Self.mailer(address)
            let sending = Task { try await mailer.send(Letters.message()) }
            var events = endpoint.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            sending.cancel()
            await #expect(throws: CancellationError.self) { try await sending.value }
            #expect(await events.next() == .disconnected)
            await mailer.close()
        }
    }

    private func failure(
        _ address: String, _ change: (inout ResendMailer.Configuration) -> Void = { _ in }
    ) async -> MailError? {
        let mailer = Self.mailer(address, change)
        let error = await #expect(throws: MailError.self) { try await mailer.send(Letters.message()) }
        await mailer.close()
        #expect(error?.debugDescription.contains("very-secret") == false)
        return error
    }

    private static func mailer(
        _ address: String, _ change: (inout ResendMailer.Configuration) -> Void = { _ in }
    ) -> ResendMailer {
        var configuration = ResendMailer.Configuration(apiKey: "re-very-secret")
        configuration.baseURL = address
        change(&configuration)
        return ResendMailer(configuration)
    }
}
