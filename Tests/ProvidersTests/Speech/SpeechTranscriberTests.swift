import Foundation
import Synchronization
import Testing

@testable import Providers

@Suite(
    "A recording is transcribed part by part", .enabled(if: SpeechFiles.hasFFmpeg, "ffmpeg is not installed"),
    .timeLimit(.minutes(2)))
struct SpeechTranscriberTests {
    @Test("parts come in order, as soon as they are there, with the recording's times; few files exist at a time")
    func inOrder() async throws {
        try await Self.withTones { path, folder in
            let model = ScriptedTranscriber { recording, _ in Self.heard(recording) }
            let transcriber = Self.transcriber(model)
            let plan = try await transcriber.plan(path)
            // Twelve seconds, then nine new ones each: a quarter of a part overlaps the one before it.
            #expect(plan.chunks.map(\.span.start.seconds) == [0, 9, 18, 27, 36, 45, 54])
            var received: [TranscribedChunk] = []
            var askedAtFirst = 0
            try await transcriber.transcribe(path, plan, in: folder) { part in
                if received.isEmpty { askedAtFirst = model.asked.count }
                received.append(part)
            }
            #expect(received.map(\.chunk) == plan.chunks)
            #expect(received.allSatisfy { $0.language == "en" })
            // Each part heard one word at its beginning.
            #expect(received.map { $0.segments.first?.span.start } == plan.chunks.map { $0.span.start + .s(0.1) })
            #expect(askedAtFirst <= 2 && model.mostFiles <= 2 && model.mostOpen <= 2)
            #expect(model.asked.allSatisfy { $0.path.hasSuffix(".flac") && $0.language == "fr" })
            #expect(Set(model.asked.map(\.duration)) == Set(plan.chunks.map(\.span.length)))
            #expect(try Self.isClean(folder))
        }
    }

    @Test("a part that takes long holds the later ones back, and no more of them are begun than there may be")
    func window() async throws {
        try await Self.withTones { path, folder in
            let (second, secondIsHeard) = AsyncStream<Void>.makeStream()
            let model = ScriptedTranscriber { recording, _ in
                if recording.path.contains("part-1.") { secondIsHeard.yield() }
                if recording.path.contains("part-0.") { for await _ in second { break } }
                return Self.heard(recording)
            }
            let transcriber = Self.transcriber(model)
            let plan = try await transcriber.plan(path)
            var received: [Int] = []
            var askedAtFirst = 0
            try await transcriber.transcribe(path, plan, in: folder) { part in
                if received.isEmpty { askedAtFirst = model.asked.count }
                received.append(part.chunk.index)
            }
            #expect(received == Array(plan.chunks.indices))
            #expect(askedAtFirst == 2)
        }
    }

    @Test("it goes on where it was interrupted, and what was there before is not asked again")
    func resumed() async throws {
        try await Self.withTones { path, folder in
            let whole = ScriptedTranscriber { recording, _ in Self.heard(recording) }
            let transcriber = Self.transcriber(whole)
            let plan = try await transcriber.plan(path)
            var expected: [TranscribedChunk] = []
            try await transcriber.transcribe(path, plan, in: folder) { expected.append($0) }

            var kept: [TranscribedChunk] = []
            let failing = ScriptedTranscriber { recording, _ in
                if recording.path.contains("part-3.") { throw ProviderError(.unavailable, "gone") }
                return Self.heard(recording)
            }
            let error = await #expect(throws: ProviderError.self) {
                try await Self.transcriber(failing).transcribe(path, plan, in: folder) { kept.append($0) }
            }
            #expect(error?.kind == .unavailable)
            // The failing part is begun when the second one is there.
            #expect([2, 3].contains(kept.count) && kept == Array(expected.prefix(kept.count)))
            #expect(try Self.isClean(folder))

            // The plan and what was heard went through a database.
            let stored = try JSONDecoder().decode(AudioPlan.self, from: JSONEncoder().encode(plan))
            kept = try JSONDecoder().decode([TranscribedChunk].self, from: JSONEncoder().encode(kept))
            let keptBefore = kept.count
            let later = ScriptedTranscriber { recording, _ in Self.heard(recording) }
            try await Self.transcriber(later).transcribe(path, stored, from: kept.count, in: folder) { kept.append($0) }
            #expect(later.asked.count == plan.chunks.count - keptBefore)
            #expect(kept == expected)
        }
    }

    @Test("a part in which nothing can be heard is not sent, and what is made up in a silence is dropped")
    func silence() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/sound.flac"
            try await SpeechFiles.ffmpeg(
                SpeechFiles.tones(seconds: 5) + ["-af", "apad=whole_dur=60", "-c:a", "flac", path])
            let model = ScriptedTranscriber { recording, _ in
                Transcription(segments: [
                    TranscribedSegment(span: .s(0, 0.4), text: "Beep."),
                    TranscribedSegment(span: .s(5, 8), text: "Thank you for watching!"),
                ])
            }
            let transcriber = Self.transcriber(model, seconds: 20)
            let plan = try await transcriber.plan(path)
            #expect(plan.chunks.map(\.isSilent) == [false, true, true, true].suffix(plan.chunks.count))
            var parts: [TranscribedChunk] = []
            try await transcriber.transcribe(path, plan, in: folder) { parts.append($0) }
            #expect(model.asked.count == 1)
            #expect(TranscriptJoining.joined(parts).map(\.text) == ["Beep."])
            #expect(parts.flatMap(\.dropped).map(\.reason) == [.silence])
        }
    }

    @Test("cancelling ends it, with its files and its requests")
    func cancellation() async throws {
        try await Self.withTones { path, folder in
            let (begun, source) = AsyncStream<Void>.makeStream()
            let model = ScriptedTranscriber { _, _ in
                source.yield()
                try await Task.sleep(for: .seconds(1000))
                return Transcription(segments: [])
            }
            let transcriber = Self.transcriber(model)
            let plan = try await transcriber.plan(path)
            let work = Task { try await transcriber.transcribe(path, plan, in: folder) { _ in } }
            for await _ in begun { break }
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(try Self.isClean(folder))
        }
    }

    @Test("whoever gets the parts can end it with an error of their own")
    func refusal() async throws {
        struct Full: Error {}
        try await Self.withTones { path, folder in
            let model = ScriptedTranscriber { recording, _ in Self.heard(recording) }
            let transcriber = Self.transcriber(model)
            let plan = try await transcriber.plan(path)
            await #expect(throws: Full.self) {
                try await transcriber.transcribe(path, plan, in: folder) { _ in throw Full() }
            }
            #expect(model.asked.count <= 2)
            #expect(try Self.isClean(folder))
        }
    }

    @Test("a file that is gone by now, and a folder that can't be made, are errors")
    func failures() async throws {
        try await Self.withTones { path, folder in
            let transcriber = Self.transcriber(ScriptedTranscriber { recording, _ in Self.heard(recording) })
            let plan = try await transcriber.plan(path)
            await #expect(throws: AudioError.noFile) {
                try await transcriber.transcribe(path + ".gone", plan, in: folder) { _ in }
            }
            let error = await #expect(throws: AudioError.self) {
                try await transcriber.transcribe(path, plan, in: "/proc/nowhere") { _ in }
            }
            #expect(error?.isRetryable == true)
        }
    }

    @Test("a part that is not in the file any more is not sent")
    func shortened() async throws {
        try await Self.withTones { path, folder in
            let model = ScriptedTranscriber { recording, _ in Self.heard(recording) }
            let transcriber = Self.transcriber(model)
            let plan = try await transcriber.plan(path)
            try await SpeechFiles.ffmpeg(["-f", "lavfi", "-i", "sine=f=440:r=16000:d=10", path])
            let error = await #expect(throws: AudioError.self) {
                try await transcriber.transcribe(path, plan, from: 2, in: folder) { _ in }
            }
            guard case .damaged = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(model.asked.isEmpty)
            #expect(try Self.isClean(folder))
        }
    }

    @Test("without ffmpeg it says so")
    func missingProgram() async throws {
        try await Self.withTones { path, folder in
            let model = ScriptedTranscriber { recording, _ in Self.heard(recording) }
            let plan = try await Self.transcriber(model).plan(path)
            var settings = AudioPreparation.Settings()
            settings.ffmpeg = "no-such-ffmpeg"
            let transcriber = SpeechTranscriber(model, preparation: AudioPreparation(settings))
            await #expect(throws: AudioError.programMissing("no-such-ffmpeg")) {
                try await transcriber.transcribe(path, plan, in: folder) { _ in }
            }
            #expect(model.asked.isEmpty)
            #expect(try Self.isClean(folder))
        }
    }

    // MARK: What is transcribed

    /// A minute of tones that is never silent for long before a cut.
    private static func withTones(_ body: (String, String) async throws -> Void) async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/tones.wav"
            try await SpeechFiles.ffmpeg(["-f", "lavfi", "-i", "sine=f=440:r=16000:d=60", path])
            let parts = folder + "/parts"
            try FileManager.default.createDirectory(atPath: parts, withIntermediateDirectories: true)
            try await body(path, parts)
        }
    }

    private static func transcriber(_ model: ScriptedTranscriber, seconds: Int = 12) -> SpeechTranscriber {
        var settings = SpeechTranscriber.Settings()
        settings.maximumChunk = .seconds(seconds)
        settings.language = "fr"
        return SpeechTranscriber(model, settings: settings)
    }

    private static func heard(_ recording: SpeechRecording) -> Transcription {
        Transcription(
            language: "en",
            segments: [TimedWords.segment([SpokenWord((recording.path as NSString).lastPathComponent, .s(0.1, 0.5))])])
    }

    private static func isClean(_ folder: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty
    }
}
