import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("A webhook", .timeLimit(.minutes(1)))
struct WebhookSenderTests {
    @Test("is posted with its event, its id and a signature that fits")
    func request() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(202, #"{"ok":true}"#)
        } _: { endpoint, address in
            let attempt = try await sender().deliver(Self.delivery("\(address)/hook?x=1", secrets: ["old", "new"]))
            #expect(attempt.outcome == .delivered && attempt.status == 202 && attempt.excerpt == #"{"ok":true}"#)
            #expect(attempt.duration > .zero)
            let sent = try #require(endpoint.requests.first)
            #expect(sent.path == "/v1/hook?x=1" && sent.body == Self.body)
            #expect(sent.headers["content-type"] == ["application/json"])
            #expect(
                sent.headers["vidsift-event"] == ["channel.ready"] && sent.headers["vidsift-delivery"] == ["0193f0a2"])
            for secret in ["old", "new"] as [Secret] {
                try WebhookSignature.verify(
                    try #require(sent.headers.first(name: "vidsift-signature")), body: sent.body, secrets: [secret],
                    now: Self.now)
            }
        }
    }

    @Test(
        "has an outcome for each status",
        arguments: [
            (200, WebhookAttempt.Outcome.delivered), (204, .delivered), (299, .delivered), (410, .gone),
            (301, .failed(retryAfter: nil)), (307, .failed(retryAfter: nil)), (400, .failed(retryAfter: .seconds(7))),
            (404, .failed(retryAfter: .seconds(7))), (429, .failed(retryAfter: .seconds(7))),
            (500, .failed(retryAfter: .seconds(7))), (503, .failed(retryAfter: .seconds(7))),
        ])
    func statuses(status: Int, outcome: WebhookAttempt.Outcome) async throws {
        try await LoopbackEndpoint.run { _, _ in
            .respond(status, [("location", "/v1/elsewhere"), ("retry-after", "7")], [])
        } _: { endpoint, address in
            let attempt = try await sender().deliver(Self.delivery(address))
            #expect(attempt.outcome == outcome && attempt.status == status)
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("keeps a short beginning of the answer, in one line, without secrets")
    func excerpt() async throws {
        let nasty = "<b>\r\n\u{1b}[31m no \u{202e}\0 whsec_one" + String(repeating: " word", count: 200)
        try await LoopbackEndpoint.run { _, _ in
            .respond(500, [], Array(nasty.utf8) + [0xff])
        } _: { _, address in
            let attempt = try await sender().deliver(Self.delivery(address))
            #expect(attempt.excerpt.hasPrefix("<b> [31m no [key] word word"))
            #expect(attempt.excerpt.count <= 301 && attempt.excerpt.hasSuffix("…"))
        }
    }

    @Test("is delivered as soon as the status says so: an endless body is not read, one that hangs is not waited for")
    func endlessBodies() async throws {
        let answers: [LoopbackEndpoint.Answer] = [
            .stream([.flood([UInt8](repeating: 65, count: 10_000), times: 100_000)]), .stream([.send("begun"), .hang]),
            .cut(Array("cut".utf8)),
        ]
        for answer in answers {
            try await LoopbackEndpoint.run { _, _ in
                answer
            } _: { endpoint, address in
                let attempt = try await sender { $0.timeout = .seconds(5) }.deliver(Self.delivery(address))
                #expect(attempt.outcome == .delivered && !attempt.excerpt.isEmpty)
                #expect(endpoint.floodedBytes < 100_000_000)
            }
        }
    }

    @Test("fails for now when the receiver is silent, hangs up or is not there")
    func failures() async throws {
        for (answer, timeout) in [(LoopbackEndpoint.Answer.silence, 5), (.hangUp, 60)] {
            try await LoopbackEndpoint.run { _, _ in
                answer
            } _: { endpoint, address in
                let attempt = try await sender { $0.timeout = .seconds(timeout) }.deliver(Self.delivery(address))
                #expect(attempt.outcome == .failed(retryAfter: nil) && attempt.status == nil)
                #expect(endpoint.requests.count == 1, "what was sent is not sent again")
            }
        }
        let address = try await LoopbackEndpoint.run({ _, _ in .hangUp }, { _, address in address })
        let attempt = try await sender().deliver(Self.delivery(address))
        #expect(attempt.outcome == .failed(retryAfter: nil))
    }

    @Test("ends when the task is cancelled, and hangs up")
    func cancellation() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .silence
        } _: { endpoint, address in
            let sender = sender()
            let delivering = Task { try await sender.deliver(Self.delivery(address)) }
            var events = endpoint.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            delivering.cancel()
            await #expect(throws: CancellationError.self) { try await delivering.value }
            #expect(await events.next() == .disconnected)
        }
    }

    // MARK: Where it goes

    @Test(
        "is not sent to this machine, a private network or any other place but the internet",
        arguments: [
            "http://127.0.0.1:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://[::1]:PORT/", "http://0.0.0.0:PORT/",
            "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://local.example:PORT/",
            "http://mixed.example:PORT/", "http://mapped.example:PORT/",
        ])
    func notAllowed(url: String) async throws {
        let names = NameTable([
            "local.example": [["127.0.0.1"]], "mixed.example": [["93.184.216.34", "127.0.0.1"]],
            "mapped.example": [["::ffff:127.0.0.1"]],
        ])
        try await LoopbackEndpoint.run { _, _ in
            .json(200, "{}")
        } _: { endpoint, address in
            let url = url.replacing("PORT", with: address.split(separator: ":").last?.prefix { $0 != "/" } ?? "")
            let attempt = try await WebhookSender(WebhookSender.Configuration(), lookup: names.lookup)
                .deliver(Self.delivery(url))
            #expect(attempt.outcome == .refused && attempt.status == nil, "\(attempt.reason)")
            #expect(endpoint.requests.isEmpty && endpoint.connections == 0)
        }
    }

    @Test(
        "is never sent to a link-local address, even where private ones are allowed",
        arguments: [
            "http://169.254.169.254/", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/", "http://0.0.0.0/",
            "http://224.0.0.1/", "http://255.255.255.255/",
        ])
    func linkLocal(url: String) async throws {
        #expect(try await sender().deliver(Self.delivery(url)).outcome == .refused)
    }

    @Test("goes to the address that was looked at, whatever the name is a moment later")
    func rebinding() async throws {
        // A name that no system knows: the request can only arrive by the address that was given.
        let names = NameTable(["hooks.vidsift.invalid": [["127.0.0.1"], ["192.0.2.1"]]])
        try await LoopbackEndpoint.run { _, _ in
            .json(200, "{}")
        } _: { endpoint, address in
            let host = address.replacing("127.0.0.1", with: "hooks.vidsift.invalid")
            let attempt = try await sender(names).deliver(Self.delivery(host))
            #expect(attempt.outcome == .delivered, "\(attempt.reason)")
            #expect(names.asked == ["hooks.vidsift.invalid"])
            let port = address.split(separator: ":").last?.prefix { $0 != "/" } ?? ""
            #expect(endpoint.requests.first?.headers["host"] == ["hooks.vidsift.invalid:\(port)"])
            // The next attempt looks again.
            let delivered = try await sender(names).deliver(Self.delivery(host))
            #expect(delivered.outcome == .refused)
        }
    }

    @Test("takes the next address of a name where nobody is at the first")
    func severalAddresses() async throws {
        let names = NameTable(["two.vidsift.invalid": [["127.0.0.2", "127.0.0.1"]]])
        try await LoopbackEndpoint.run { _, _ in
            .json(200, "{}")
        } _: { endpoint, address in
            let host = address.replacing("127.0.0.1", with: "two.vidsift.invalid")
            let delivered = try await sender(names).deliver(Self.delivery(host))
            #expect(delivered.outcome == .delivered)
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("to a name without an address fails for now")
    func unknownNames() async throws {
        let names = NameTable(["empty.example": [[]]])
        for host in ["empty.example", "other.example"] {
            let attempt = try await sender(names).deliver(Self.delivery("https://\(host)/"))
            #expect(attempt.outcome == .failed(retryAfter: nil) && attempt.reason.contains("no address"))
        }
    }

    @Test("finds names as the system does")
    func systemNames() async throws {
        #expect(try await HostLookup.system.addresses("localhost", .seconds(10)).contains { $0.range == .loopback })
        await #expect(throws: HostLookup.Fault.self) {
            try await HostLookup.system.addresses("no-such-name.invalid", .seconds(10))
        }
    }

    @Test(
        "over TLS is for the name, at the address that was looked at",
        .enabled(if: TestCertificate.isPossible, "openssl is not installed"))
    func encryption() async throws {
        let names = NameTable(["hooks.vidsift.invalid": [["127.0.0.1"]], "other.vidsift.invalid": [["127.0.0.1"]]])
        try await MailProgram.withFolder { folder in
            let certificate = try TestCertificate(for: "DNS:hooks.vidsift.invalid", in: folder)
            try await EncryptedReceiver.run(certificate) { receiver, port in
                let sender = sender(names) { $0.trustRootsFile = certificate.certificate }
                let right = try await sender.deliver(Self.delivery("https://hooks.vidsift.invalid:\(port)/"))
                #expect(right.outcome == .delivered, "\(right.reason)")
                #expect(receiver.names == ["hooks.vidsift.invalid"])
                let wrong = try await sender.deliver(Self.delivery("https://other.vidsift.invalid:\(port)/"))
                #expect(
                    wrong.outcome == .failed(retryAfter: nil) && wrong.reason.contains("certificate"), "\(wrong.reason)"
                )
                let strange = try await self.sender(names).deliver(
                    Self.delivery("https://hooks.vidsift.invalid:\(port)/"))
                #expect(strange.outcome == .failed(retryAfter: nil) && receiver.requests == 1)
            }
        }
    }

    @Test("without a secret, or with a name that can't be in a header, is not sent")
    func incomplete() async throws {
        let complete = try Self.delivery("http://127.0.0.1:1/")
        var deliveries = [complete, complete, complete, complete]
        deliveries[0].secrets = []
        deliveries[1].secrets = ["whsec_one", ""]
        deliveries[2].id = "a\r\nX: y"
        deliveries[3].event = ""
        for delivery in deliveries { #expect(try await sender().deliver(delivery).outcome == .refused) }
    }

    // MARK: A sender

    private static let body = Array(#"{"event":"channel.ready","title":"ü"}"#.utf8)
    private static let now = Date(timeIntervalSince1970: 1_795_402_092)

    private static func delivery(_ url: String, secrets: [Secret] = ["whsec_one"]) throws -> WebhookDelivery {
        WebhookDelivery(
            url: try WebhookURL(url), id: "0193f0a2", event: "channel.ready", body: body, secrets: secrets)
    }

    /// One that may send to this machine.
    private func sender(
        _ names: NameTable = NameTable([:]), _ change: (inout WebhookSender.Configuration) -> Void = { _ in }
    ) -> WebhookSender {
        var configuration = WebhookSender.Configuration()
        configuration.allowsPrivateAddresses = true
        change(&configuration)
        return WebhookSender(configuration, lookup: names.lookup, now: { Self.now })
    }
}
