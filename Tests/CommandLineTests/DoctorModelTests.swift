import Foundation
import TestModels
import Testing

@Suite("vidsift doctor and the language model")
struct DoctorModelTests {
    /// What doctor finds of the language model, and how it ends.
    private func finding(_ environment: [String: String]) async throws -> (
        finding: [String: Any], result: Vidsift.Result
    ) {
        let result = try await Vidsift().run("doctor", "--json", environment: environment)
        let findings = try result.list("findings")
        return (try #require(findings.first { $0["subject"] as? String == "language model" }), result)
    }

    @Test("a model that answers is named, with its context and the time")
    func answers() async throws {
        try await LoopbackEndpoint.run({ _, _ in LanguageModel.saying("Yes.") }) { endpoint, address in
            let (finding, result) = try await finding(LanguageModel.environment(address))

            #expect(finding["state"] as? String == "fine")
            let detail = try #require(finding["detail"] as? String)
            #expect(
                try detail.contains(Regex("^test-model, 4096 tokens of context; answered in [0-9]+ ms$")), "\(detail)")
            #expect(result.status == 0)
            let request = try #require(endpoint.requests.first)
            #expect(endpoint.requests.count == 1 && request.path == "/v1/chat/completions")
            #expect(request.text.contains("test-model"))
        }
    }

    @Test("a key that is not accepted is a warning that says what to look at, and shows no key")
    func refused() async throws {
        let key = "sk-very-secret-0123456789"
        try await LoopbackEndpoint.run({ _, _ in LanguageModel.refusing(key) }) { endpoint, address in
            let environment = LanguageModel.environment(address).merging(["OPENAI_API_KEY": key]) { $1 }

            let (finding, result) = try await finding(environment)

            #expect(finding["state"] as? String == "warning")
            #expect((finding["detail"] as? String)?.contains("does not accept the key") == true, "\(finding)")
            #expect((finding["remedy"] as? String)?.contains("OPENAI_API_KEY") == true)
            #expect(!result.output.contains(key) && !result.errors.contains(key))
            #expect(result.status == 0, "answers are quotes then: nothing essential is broken")
            #expect(endpoint.requests.filter { $0.path.hasSuffix("/chat/completions") }.count == 1)
        }
    }

    @Test(
        "what is no model, or not there, is a warning within seconds",
        arguments: [
            .respond(200, [("content-type", "text/html")], Array("<html>Welcome</html>".utf8)), .hangUp,
            .json(404, #"{"error":{"message":"model not found"}}"#),
        ] as [LoopbackEndpoint.Answer])
    func noModel(answer: LoopbackEndpoint.Answer) async throws {
        try await LoopbackEndpoint.run({ _, _ in answer }) { _, address in
            let (finding, result) = try await finding(LanguageModel.environment(address))
            #expect(finding["state"] as? String == "warning" && finding["remedy"] is String, "\(finding)")
            #expect(result.status == 0 && !result.output.contains("<html>"))
        }
    }

    @Test("where nobody listens it is said that there is no connection")
    func unreachable() async throws {
        // The port is free again once the server has closed it.
        let address = try await LoopbackEndpoint.run({ _, _ in .silence }) { _, address in address }

        let (finding, result) = try await finding(LanguageModel.environment(address))

        #expect(finding["state"] as? String == "warning")
        #expect((finding["detail"] as? String)?.contains("connection") == true, "\(finding)")
        #expect(result.status == 0)
    }

    @Test("none configured is fine: answers are quotes, and it is said how to have one")
    func none() async throws {
        for environment in [[:], ["OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "CHAT_MODEL": "none"]] {
            let (finding, result) = try await finding(environment)
            #expect(finding["state"] as? String == "fine")
            let detail = try #require(finding["detail"] as? String)
            #expect(detail.contains("quotes") && detail.contains("CHAT_MODEL"))
            #expect(result.status == 0)
        }
    }
}
