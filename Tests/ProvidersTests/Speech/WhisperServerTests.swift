import Foundation
import TestModels
import Testing

@testable import Providers

@Suite(
    "A real transcriber",
    .enabled(if: WhisperServer.isInstalled, "no speech server is installed: scripts/lib/speech-server.sh"),
    .enabled(if: SpeechFiles.hasClips && SpeechFiles.hasFFmpeg, "no clips, or no ffmpeg"), .serialized,
    .timeLimit(.minutes(10)))
struct WhisperServerTests {
    @Test("hears the clips: few words are wrong, and their times lie where they are said")
    func clips() async throws {
        try await Self.withModel { model in
            var all = WordErrors()
            for clip in try Self.clips() {
                let parts = try await Self.parts(of: SpeechFiles.clip(clip.file), model)
                let segments = TranscriptJoining.joined(parts)
                let errors = WordErrors(segments.map(\.text).joined(separator: " "), reference: clip.reference)
                print("word errors: \(clip.file): \(errors)")
                all += errors
                let words = segments.flatMap(\.words)
                #expect(words.count == segments.flatMap { $0.text.split(separator: " ") }.count)
                #expect(words.map(\.span.start) == words.map(\.span.start).sorted())
                #expect(parts.allSatisfy { $0.language == "en" && $0.dropped.isEmpty })
            }
            print("word errors: all clips: \(all)")
            // Whisper's smallest model: about one in twelve words of read speech (its paper: 5.6 to 8 % on LibriSpeech).
            #expect(all.rate < 0.12)
        }
    }

    @Test("hears the same when a recording is cut at a silence, or anywhere with an overlap")
    func parts() async throws {
        try await Self.withModel { model in
            let path = SpeechFiles.clip("joined_librivox_15s.wav")
            let reference = try Self.joined()
            let whole = try await Self.errors(of: path, model, reference)
            let atSilences = try await Self.errors(of: path, model, reference, seconds: 8)
            let anywhere = try await Self.errors(of: path, model, reference, seconds: 8, window: 0)
            print("word errors: 15 s whole: \(whole), cut at silences: \(atSilences), cut anywhere: \(anywhere)")
            #expect(whole.rate < 0.1)
            #expect(atSilences.errors <= whole.errors + 2)
            #expect(anywhere.errors <= whole.errors + 4)
        }
    }

    @Test("makes up nothing that gets into a transcript, where there is silence or noise only")
    func nothing() async throws {
        try await Self.withModel { model in
            try await SpeechFiles.withFolder { folder in
                for (name, source) in [("silence", "anullsrc=r=16000:cl=mono"), ("noise", "anoisesrc=a=0.01:r=16000")] {
                    let path = "\(folder)/\(name).flac"
                    try await SpeechFiles.ffmpeg(["-f", "lavfi", "-i", source, "-t", "12", path])
                    let heard = try await model.transcribe(SpeechRecording(path: path, duration: .s(12)))
                    let parts = try await Self.parts(of: path, model)
                    print("made up in \(name): \(heard.segments.map(\.text))")
                    #expect(TranscriptJoining.joined(parts).isEmpty, "\(parts)")
                }
            }
        }
    }

    @Test("takes flac, wav and mp3; says what it can't read; stops when it is hung up on")
    func protocolIsSpoken() async throws {
        try await Self.withModel { model in
            for format in AudioFormat.allCases {
                let parts = try await Self.parts(of: SpeechFiles.clip("sb_spk1_snt1.wav"), model, format: format)
                #expect(parts.first?.segments.isEmpty == false, "\(format)")
            }
            try await SpeechFiles.withFolder { folder in
                let path = folder + "/text.wav"
                try Data("Not a sound.".utf8).write(to: URL(fileURLWithPath: path))
                let error = await #expect(throws: ProviderError.self) {
                    try await model.transcribe(SpeechRecording(path: path, duration: .s(1)))
                }
                #expect(error?.kind == .refused && error?.status == 400)
            }
            let call = Task {
                try await model.transcribe(
                    SpeechRecording(path: SpeechFiles.clip("joined_librivox_15s.wav"), duration: .s(15.39)))
            }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
        }
    }

    // MARK: The clips

    private struct Clip {
        var file: String
        var reference: String
    }

    private static func clips() throws -> [Clip] {
        try String(contentsOfFile: SpeechFiles.clip("references.jsonl"), encoding: .utf8).split(separator: "\n")
            .compactMap { line in
                let item = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                // One clip has two people who speak at the same time, each on a channel: nobody hears both.
                guard let file = item?["file"] as? String, let reference = item?["reference"] as? String else {
                    return nil
                }
                return Clip(file: file, reference: reference)
            }
    }

    private static func joined() throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: SpeechFiles.clip("joined_librivox_15s.segments.json")))
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require(json?["reference"] as? String)
    }

    private static func withModel(_ body: (EndpointTranscriptionModel) async throws -> Void) async throws {
        let server = try WhisperServer()
        defer { server.stop() }
        let model = EndpointTranscriptionModel(
            EndpointTranscriptionModel.Configuration(baseURL: server.address + "/v1", apiKey: nil, model: "tiny.en"))
        do {
            try await body(model)
        } catch {
            await model.close()
            throw error
        }
        await model.close()
    }

    private static func parts(
        of path: String, _ model: EndpointTranscriptionModel, format: AudioFormat = .flac
    ) async throws -> [TranscribedChunk] {
        var settings = SpeechTranscriber.Settings()
        settings.format = format
        let transcriber = SpeechTranscriber(model, settings: settings)
        var parts: [TranscribedChunk] = []
        try await transcriber.transcribe(path, try await transcriber.plan(path)) { parts.append($0) }
        return parts
    }

    private static func errors(
        of path: String, _ model: EndpointTranscriptionModel, _ reference: String, seconds: Int = 600, window: Int = 60
    ) async throws -> WordErrors {
        let limits = ChunkLimits(
            maximumFileBytes: model.maximumFileBytes, format: .flac, maximum: .seconds(seconds),
            window: .seconds(window),
            overlap: .seconds(2))
        let plan = try await AudioPreparation().plan(path, limits: limits)
        #expect(seconds > 15 ? plan.chunks.count == 1 : plan.chunks.count > 1)
        if window == 0 { #expect(plan.chunks.dropFirst().allSatisfy { $0.overlap == .s(2) }) }
        var parts: [TranscribedChunk] = []
        try await SpeechTranscriber(model).transcribe(path, plan) { parts.append($0) }
        return WordErrors(TranscriptJoining.joined(parts).map(\.text).joined(separator: " "), reference: reference)
    }
}
