import Foundation
import Testing

@testable import Providers

@Suite("A webhook's signature")
struct WebhookSignatureTests {
    private static let body = Array(#"{"event":"channel.ready"}"#.utf8)
    private static let time = Date(timeIntervalSince1970: 1_700_000_000.7)
    // Made with Python's hmac module.
    private static let one = "e179f7118fae1cd63c0251ad65d7167d7a4161909b39e0fedb5afc59f080b712"
    private static let two = "aceb52b98b1d6b93f997fa42d9e6f3e5b573cfed4b2b3b14784b4c65d3c2a114"

    @Test("is the HMAC-SHA256 of the time and the body, for each secret")
    func vector() throws {
        let single = WebhookSignature.value(of: Self.body, at: Self.time, secrets: ["whsec_one"])
        #expect(single == "t=1700000000,v1=\(Self.one)")
        let double = WebhookSignature.value(of: Self.body, at: Self.time, secrets: ["whsec_one", "whsec_two"])
        #expect(double == "t=1700000000,v1=\(Self.one),v1=\(Self.two)")
    }

    @Test("is verified by whoever has one of the secrets, old or new")
    func rotation() throws {
        let value = WebhookSignature.value(of: Self.body, at: Self.time, secrets: ["whsec_one", "whsec_two"])
        try verify(value, secrets: ["whsec_one"])
        try verify(value, secrets: ["whsec_two"])
        try verify("t=1700000000,v1=\(Self.two)", secrets: ["whsec_one", "whsec_two"])
        #expect(throws: WebhookSignature.Fault.wrong) { try verify(value, secrets: ["whsec_three"]) }
        #expect(throws: WebhookSignature.Fault.wrong) { try verify(value, secrets: []) }
        #expect(throws: WebhookSignature.Fault.wrong) { try verify(value, secrets: [""]) }
    }

    @Test("does not fit a body or a time that was changed in any place")
    func tampering() throws {
        let value = "t=1700000000,v1=\(Self.one)"
        for index in Self.body.indices {
            var body = Self.body
            body[index] ^= 1
            #expect(throws: WebhookSignature.Fault.wrong) { try verify(value, body: body) }
        }
        #expect(throws: WebhookSignature.Fault.wrong) { try verify("t=1700000001,v1=\(Self.one)") }
        // The same instant, written in another way.
        #expect(throws: WebhookSignature.Fault.wrong) { try verify("t=01700000000,v1=\(Self.one)") }
    }

    @Test("fits the body that came over the wire, and none that was parsed and written again (lesson 34)")
    func rawBody() throws {
        let body = Array(#"{ "b": 1, "a": "\u00fc" }"#.utf8)
        let value = WebhookSignature.value(of: body, at: Self.time, secrets: ["whsec_one"])
        try verify(value, body: body)
        let again = try JSONSerialization.data(withJSONObject: JSONSerialization.jsonObject(with: Data(body)))
        #expect(throws: WebhookSignature.Fault.wrong) { try verify(value, body: Array(again)) }
    }

    @Test(
        "is taken within the tolerance only",
        arguments: [
            (-301, WebhookSignature.Fault.tooNew), (-300, nil), (0, nil), (300, nil), (301, .tooOld),
            (1_000_000, .tooOld),
        ])
    func tolerance(age: Int, fault: WebhookSignature.Fault?) throws {
        let now = Date(timeIntervalSince1970: 1_700_000_000 + Double(age))
        let value = "t=1700000000,v1=\(Self.one)"
        let verified = Result { try verify(value, now: now) }
        if let fault { #expect(throws: fault) { try verified.get() } } else { try verified.get() }
    }

    @Test("may stand beside forms of later days, with blanks between")
    func laterForms() throws { try verify("v2=xyz, t=1700000000, v1=\(Self.one), v0=") }

    @Test(
        "that is not of its form is refused",
        arguments: [
            "", ",", "t=1700000000", "v1=\(one)", "t=,v1=\(one)", "t=x,v1=\(one)", "t=-1,v1=\(one)", "t=1e9,v1=\(one)",
            "t=1700000000,t=1700000000,v1=\(one)", "t=1700000000,v1=", "t=1700000000,v1=zz", "t=1700000000,v1=\(one)00",
            "t=99999999999999999999,v1=\(one)", "t=1700000000 v1=\(one)", "t=1700000000,v1=+1\(one.dropFirst(2))",
            "nonsense",
            "t=1700000000" + String(repeating: ",v1=\(one)", count: 17), String(repeating: "a", count: 100_000),
        ])
    func malformed(value: String) {
        #expect(throws: WebhookSignature.Fault.malformed) { try verify(value) }
    }

    @Test("is made with a secret of 256 random bits")
    func newSecrets() {
        let secrets = (0..<20).map { _ in Secret.forWebhook().value }
        #expect(Set(secrets).count == 20)
        #expect(
            secrets.allSatisfy { $0.hasPrefix("whsec_") && Data(base64Encoded: String($0.dropFirst(6)))?.count == 32 })
    }

    private func verify(
        _ value: String, body: [UInt8] = body, secrets: [Secret] = ["whsec_one"], now: Date = time
    ) throws {
        try WebhookSignature.verify(value, body: body, secrets: secrets, now: now)
    }
}
