import Foundation
import Testing

@testable import Providers

@Suite(
    "Sound that is made small", .enabled(if: SpeechFiles.hasFFmpeg, "ffmpeg is not installed"),
    .timeLimit(.minutes(5)))
struct CompactSoundTests {
    private static let tooMany = 64 << 20

    @Test("is at the times of the file: silences begin and end where they did")
    func times() async throws {
        try await SpeechFiles.withFolder { folder in
            let (path, small) = ("\(folder)/tones.wav", "\(folder)/tones.ogg")
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 120) + [path])

            let sound = try await AudioPreparation().compact(path, to: small, maximumBytes: Self.tooMany)

            let limits = ChunkLimits(maximumFileBytes: 25_000_000, format: .flac)
            let (before, after) = (
                try await AudioPreparation().plan(path, limits: limits),
                try await AudioPreparation().plan(small, limits: limits)
            )
            for duration in [sound.duration, after.duration] {
                #expect(abs(duration.milliseconds - 120_000) <= 20, "\(duration)")
            }
            #expect(before.silences.count == after.silences.count && before.silences.count >= 12)
            for (one, other) in zip(before.silences, after.silences) {
                // Opus lets a tone fade out over some milliseconds.
                #expect(abs(one.start.milliseconds - other.start.milliseconds) <= 40, "\(one) \(other)")
                #expect(abs(one.end.milliseconds - other.end.milliseconds) <= 40, "\(one) \(other)")
            }
        }
    }

    @Test("an hour has about 14 MB: less where nobody speaks, and never much more")
    func size() async throws {
        try await SpeechFiles.withFolder { folder in
            let (path, small) = ("\(folder)/noise.wav", "\(folder)/noise.ogg")
            try await SpeechFiles.ffmpeg([
                "-f", "lavfi", "-i", "anoisesrc=r=44100:d=60", "-ac", "2", path,
            ])
            let sound = try await AudioPreparation().compact(path, to: small, maximumBytes: Self.tooMany)
            #expect((200_000...350_000).contains(sound.bytes), "\(sound)")
            #expect(try await AudioPreparation().probe(small).audioStreams == 1)
        }
    }

    @Test("sound that begins later than the pictures keeps its time")
    func late() async throws {
        try await SpeechFiles.withFolder { folder in
            let (path, small) = ("\(folder)/late.mkv", "\(folder)/late.ogg")
            try await SpeechFiles.ffmpeg([
                "-f", "lavfi", "-i", "testsrc=d=6:s=64x64", "-itsoffset", "2", "-f", "lavfi", "-i",
                "sine=frequency=440:duration=3:sample_rate=16000", "-map", "0:v", "-map", "1:a", path,
            ])
            let sound = try await AudioPreparation().compact(path, to: small, maximumBytes: Self.tooMany)
            #expect(abs(sound.duration.milliseconds - 5_000) <= 60, "\(sound)")
            let limits = ChunkLimits(maximumFileBytes: 25_000_000, format: .flac)
            let silence = try #require(try await AudioPreparation().plan(small, limits: limits).silences.first)
            #expect(silence.start == .zero && abs(silence.end.milliseconds - 2_000) <= 60, "\(silence)")
        }
    }

    @Test("what is too long or too large is refused, not cut")
    func refused() async throws {
        try await SpeechFiles.withFolder { folder in
            let (path, small) = ("\(folder)/noise.wav", "\(folder)/noise.ogg")
            try await SpeechFiles.ffmpeg(["-f", "lavfi", "-i", "anoisesrc=r=16000:d=60", path])
            var settings = AudioPreparation.Settings()
            settings.maximumDuration = .s(59)
            await #expect(throws: AudioError.tooLong(.s(59))) {
                try await AudioPreparation(settings).compact(path, to: small, maximumBytes: Self.tooMany)
            }
            await #expect(throws: AudioError.tooLarge(100_000)) {
                try await AudioPreparation().compact(path, to: small, maximumBytes: 100_000)
            }
        }
    }

    @Test("a program that is missing is named")
    func missing() async throws {
        #expect(try await AudioPreparation().missingProgram() == nil)
        var settings = AudioPreparation.Settings()
        settings.ffmpeg = "/nonexistent/ffmpeg"
        #expect(try await AudioPreparation(settings).missingProgram() == "/nonexistent/ffmpeg")
    }
}
