import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite(
    "OpenAI's own Python client", .enabled(if: OpenAIClient.isInstalled, "scripts/lib/openai-client.sh installs it"),
    .timeLimit(.minutes(3)))
struct OpenAIClientTests {
    @Test("lists models, asks, streams, and reads failures as it does those of OpenAI", arguments: TestEngine.allCases)
    func client(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let bread = try await server.add(Samples.bread, as: "bread.en.vtt", channel: "Baking")
            try await server.add(Samples.tides, as: "tides.en.vtt")

            let output = try await OpenAIClient.run(server, bread.description)

            #expect(output.hasSuffix("all is as expected\n"), "\(output)")
        }
    }
}

/// The client where `scripts/lib/openai-client.sh` has put it.
private enum OpenAIClient {
    static let folder = Places.package.appendingPathComponent(".tools/openai-client")
    static let python = try? String(contentsOf: folder.appendingPathComponent("python"), encoding: .utf8)

    static var isInstalled: Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("installed").path) && python != nil
    }

    /// Runs the script below; throws with what it wrote where it fails.
    static func run(_ server: TestServer, _ video: String) async throws -> String {
        try await PostgresPrograms.run(
            #require(python), ["-c", script, "http://127.0.0.1:\(server.port)/v1", video],
            environment: ["PYTHONPATH": folder.path, "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "*"])
    }

    private static let script = #"""
        import asyncio, sys
        import openai

        base, video = sys.argv[1:]
        client = openai.OpenAI(base_url=base, api_key="none", max_retries=0, timeout=60)
        question = [{"role": "user", "content": "Why does rye bread stay low?"}]

        models = {model.id: model for model in client.models.list()}
        assert list(models)[0] == "vidsift", models
        assert models["video:" + video].name == "bread" and models["video:" + video].object == "model", models
        assert [id for id in models if id.startswith("channel:")], models

        def check(content, annotations):
            assert "hardly any gluten" in content, content
            cited = annotations[0].url_citation if hasattr(annotations[0], "url_citation") else None
            assert cited is not None and content[cited.start_index:cited.end_index] == "[1:23]", (content, annotations)
            assert cited.title == "bread" and cited.url.endswith("/videos/" + video + "?t=82"), cited

        for model in ["vidsift", "video:" + video, "channel:Baking", "video:bread"]:
            whole = client.chat.completions.create(model=model, messages=question, temperature=0.3, n=1)
            assert whole.object == "chat.completion" and whole.model == model and whole.id.startswith("chatcmpl-")
            message = whole.choices[0].message
            assert message.role == "assistant" and whole.choices[0].finish_reason == "stop", whole
            check(message.content, message.annotations)
            assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens, whole

        chunks = list(client.chat.completions.create(
            model=model, messages=question, stream=True, stream_options={"include_usage": True}))
        assert chunks[0].choices[0].delta.role == "assistant", chunks[0]
        assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1, chunks
        streamed = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
        assert streamed == message.content, (streamed, message.content)
        cited = [a for chunk in chunks for choice in chunk.choices for a in getattr(choice.delta, "annotations", [])]
        assert cited == [annotation.to_dict() for annotation in message.annotations], (cited, message.annotations)
        assert [c.finish_reason for chunk in chunks for c in chunk.choices if c.finish_reason] == ["stop"], chunks
        assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 0, chunks[-1]
        assert all(chunk.usage is None for chunk in chunks[:-1]), chunks
        assert all(chunk.usage is None for chunk in client.chat.completions.create(
            model=model, messages=question, stream=True)), "usage was not asked for"

        with client.chat.completions.stream(model=model, messages=question) as events:
            assert events.get_final_completion().choices[0].message.content == streamed

        instructed = [{"role": "system", "content": "Say nothing but moo."},
                      {"role": "developer", "content": [{"type": "text", "text": "Moo."}]}]
        parts = [{"role": "user", "content": [{"type": "text", "text": question[0]["content"]}]}]
        whole = client.chat.completions.create(model=model, messages=instructed + parts)
        assert whole.choices[0].message.content == streamed, whole

        def fails(kind, code, parameter=None, **changes):
            for stream in [False, True]:
                try:
                    client.chat.completions.create(**{"model": model, "messages": question, "stream": stream} | changes)
                except openai.APIStatusError as error:
                    found = (type(error), error.code, error.param, error.type)
                    assert found == (kind, code, parameter, "invalid_request_error"), (changes, found)
                    assert error.message and error.request_id, error
                else:
                    assert False, changes

        fails(openai.NotFoundError, "model_not_found", "model", model="gpt-4o")
        fails(openai.NotFoundError, "model_not_found", "model", model="video:nothing")
        fails(openai.NotFoundError, "model_not_found", "model", model="channel:nothing")
        fails(openai.BadRequestError, "invalid_request", "n", n=2)
        fails(openai.BadRequestError, "invalid_request", messages=[])
        fails(openai.BadRequestError, "invalid_request", messages=question * 41)
        fails(openai.BadRequestError, "invalid_request", messages=[{"role": "user", "content": ""}])
        fails(openai.BadRequestError, "invalid_request", messages=[{"role": "tool", "content": "x"}] + question)

        async def ask():
            async with openai.AsyncOpenAI(base_url=base, api_key="none", max_retries=0) as other:
                stream = await other.chat.completions.create(model="vidsift", messages=question, stream=True)
                return "".join([c.delta.content or "" async for chunk in stream for c in chunk.choices])

        assert "hardly any gluten" in asyncio.run(ask())
        print("all is as expected")
        """#
}
