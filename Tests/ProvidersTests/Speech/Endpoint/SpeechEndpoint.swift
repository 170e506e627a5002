import Foundation
import TestModels
import Testing

@testable import Providers

/// A transcriber at a loopback endpoint, and a file for it.
struct SpeechEndpoint {
    let model: EndpointTranscriptionModel
    let server: LoopbackEndpoint
    let clock: InstantClock
    let recording: SpeechRecording

    /// Calls `body` with a model at a server that answers as `answer` says.
    static func run(
        file bytes: [UInt8] = Array("RIFFsound".utf8),
        _ answer: @escaping @Sendable (LoopbackEndpoint.Request, Int) -> LoopbackEndpoint.Answer,
        _ change: (inout EndpointTranscriptionModel.Configuration) -> Void = { _ in },
        body: (SpeechEndpoint) async throws -> Void
    ) async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/part-0.flac"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            try await LoopbackEndpoint.run(answer) { server, address in
                var configuration = EndpointTranscriptionModel.Configuration(
                    baseURL: address, apiKey: "sk-very-secret", model: "whisper-1")
                change(&configuration)
                let clock = InstantClock()
                let model = EndpointTranscriptionModel(configuration, clock: clock, jitter: { 1 })
                do {
                    try await body(
                        SpeechEndpoint(
                            model: model, server: server, clock: clock,
                            recording: SpeechRecording(path: path, duration: .s(8), language: "en")))
                } catch {
                    await model.close()
                    throw error
                }
                await model.close()
            }
        }
    }

    func transcribe() async throws -> Transcription { try await model.transcribe(recording) }

    /// Asks, and expects an error that doesn't tell the key.
    @discardableResult
    func expectFailure(
        _ kind: ProviderError.Kind, saying words: String = "", location: SourceLocation = #_sourceLocation
    ) async -> ProviderError? {
        let error = await #expect(throws: ProviderError.self, sourceLocation: location) { try await transcribe() }
        #expect(error?.kind == kind, "\(error.debugDescription)", sourceLocation: location)
        let description = error?.description ?? ""
        #expect(words.isEmpty || description.contains(words), "\(description)", sourceLocation: location)
        #expect(error?.debugDescription.contains("very-secret") != true, sourceLocation: location)
        return error
    }

    /// What OpenAI answers.
    static let hello = """
        {"task":"transcribe","language":"english","duration":8.0,"text":"Hello, world.","segments":[{"id":0,"seek":0,
        "start":0.5,"end":2.0,"text":" Hello, world.","tokens":[1,2],"temperature":0.0,"avg_logprob":-0.2,
        "compression_ratio":0.7,"no_speech_prob":0.01}],"words":[{"word":"Hello","start":0.6,"end":1.1},
        {"word":"world","start":1.2,"end":1.9}]}
        """
}
