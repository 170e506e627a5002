import Foundation
import Testing

@testable import Providers

@Suite(
    "The sound of a file is read with ffmpeg", .enabled(if: SpeechFiles.hasFFmpeg, "ffmpeg is not installed"),
    .timeLimit(.minutes(3)))
struct AudioPreparationTests {
    private let preparation = AudioPreparation()
    private let limits = ChunkLimits(maximumFileBytes: 25_000_000, format: .flac)

    @Test(
        "its length and silences are found, whatever the file says of itself",
        arguments: [
            ("wav", ["-c:a", "pcm_s16le"]), ("flac", ["-c:a", "flac"]),
            ("mp3", ["-c:a", "libmp3lame", "-write_xing", "0"]),
            ("m4a", ["-c:a", "aac"]), ("aac", ["-c:a", "aac"]), ("webm", ["-c:a", "libopus"]),
            ("ogg", ["-c:a", "libopus"]),
            ("mkv", ["-c:a", "flac"]), ("ts", ["-c:a", "aac"]),
        ])
    func kinds(ending: String, encoding: [String]) async throws {
        try await SpeechFiles.withFolder { folder in
            let path = "\(folder)/tones.\(ending)"
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 25) + encoding + [path])
            let plan = try await preparation.plan(path, limits: limits)
            #expect(Self.isNear(plan.duration, .s(25)), "\(plan.duration)")
            #expect(plan.silences.count == 3)
            let expected = [AudioSpan.s(0.5, 10), .s(10.5, 20), .s(20.5, 25)]
            for (silence, span) in zip(plan.silences, expected) {
                #expect(Self.isNear(silence.start, span.start) && Self.isNear(silence.end, span.end), "\(silence)")
            }
            // And a part of it begins where it should.
            let part = folder + "/part.flac"
            try await preparation.extract(.s(14, 24), of: path, as: .flac, to: part)
            let found = try await preparation.plan(part, limits: limits)
            #expect(Self.isNear(found.duration, .s(10)))
            #expect(found.silences.first.map { Self.isNear($0.end, .s(6)) } == true, "\(found.silences)")
        }
    }

    @Test(
        "a part is one channel with 16,000 samples a second, of the format that is wanted",
        arguments: AudioFormat.allCases)
    func formats(format: AudioFormat) async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/stereo.wav"
            try await SpeechFiles.ffmpeg(
                ["-f", "lavfi", "-i", "anoisesrc=r=44100:d=20:a=0.9", "-ac", "2", "-metadata", "title=secret", path])
            let part = "\(folder)/part.\(format.fileExtension)"
            try await preparation.extract(.s(2, 18), of: path, as: format, to: part)
            let shown = try await ChildProcess(program: "ffprobe").run(
                [
                    "-v", "error", "-show_entries", "stream=sample_rate,channels:format=duration:format_tags=title",
                    "-of",
                    "csv=p=0", part,
                ], limits: ChildProcess.Limits(time: .seconds(60), outputBytes: 10_000))
            let text = String(decoding: shown.output, as: UTF8.self)
            #expect(text.hasPrefix("16000,1\n16.0") && !text.contains("secret"), "\(text)")
            // White noise: nothing compresses worse.
            let size = try FileManager.default.attributesOfItem(atPath: part)[.size] as? Int ?? .max
            #expect(size <= 16 * format.maximumBytesPerSecond + AudioFormat.maximumOverhead)
        }
    }

    @Test("in a film whose sound begins late, times are those of the film")
    func lateSound() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/film.mkv"
            try await SpeechFiles.ffmpeg(
                ["-f", "lavfi", "-i", "color=s=32x32:r=5:d=30", "-itsoffset", "3"] + SpeechFiles.tones(seconds: 25)
                    + ["-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", "flac", path])
            let plan = try await preparation.plan(path, limits: limits)
            #expect(Self.isNear(plan.duration, .s(28)), "\(plan.duration)")
            #expect(plan.silences.first.map { Self.isNear($0.end, .s(3)) } == true, "\(plan.silences)")
            let part = folder + "/part.flac"
            try await preparation.extract(.s(0, 8), of: path, as: .flac, to: part)
            let found = try await preparation.plan(part, limits: limits)
            #expect(found.silences.first.map { Self.isNear($0.end, .s(3)) } == true, "\(found.silences)")
        }
    }

    @Test("a quiet recording is not silence")
    func quiet() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/quiet.wav"
            // 54 decibels below the loudest possible sound.
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 15, amplitude: 0.002) + [path])
            let plan = try await preparation.plan(path, limits: limits)
            #expect(plan.silences.first.map { Self.isNear($0.start, .s(0.5)) } == true, "\(plan.silences)")
            #expect(plan.chunks.map(\.isSilent) == [false])
        }
    }

    @Test("a recording of nothing is silence")
    func nothing() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/nothing.flac"
            try await SpeechFiles.ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "15", path])
            #expect(try await preparation.plan(path, limits: limits).chunks.map(\.isSilent) == [true])
        }
    }

    @Test("of a download that broke off there is as much as came")
    func cutOff() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/cut.wav"
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 60) + [path])
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.prefix(whole.count / 3).write(to: URL(fileURLWithPath: path))
            let plan = try await preparation.plan(path, limits: limits)
            #expect(Self.isNear(plan.duration, .s(20)), "\(plan)")
        }
    }

    @Test("a damaged file, a film without sound, a picture, a text and no file are told apart")
    func unsuitable() async throws {
        try await SpeechFiles.withFolder { folder in
            try await SpeechFiles.ffmpeg(
                ["-f", "lavfi", "-i", "color=s=32x32:r=5:d=3", "-c:v", "mpeg4", folder + "/mute.mp4"])
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 20) + ["-c:a", "aac", folder + "/whole.m4a"])
            // Without its index, which stands at the end.
            try Data(contentsOf: URL(fileURLWithPath: folder + "/whole.m4a")).prefix(9000)
                .write(to: URL(fileURLWithPath: folder + "/cut.m4a"))
            try Data("Not a sound.".utf8).write(to: URL(fileURLWithPath: folder + "/text.mp3"))
            try Data().write(to: URL(fileURLWithPath: folder + "/empty.mp3"))
            #expect(await Self.error(folder + "/mute.mp4", limits) == "The file has no sound.")
            for name in ["cut.m4a", "empty.mp3", "text.mp3"] {
                #expect(
                    await Self.error("\(folder)/\(name)", limits)?.hasPrefix("The file is damaged") == true, "\(name)")
            }
            #expect(await Self.error(folder + "/nowhere.mp3", limits) == "The sound file is not there.")
        }
    }

    @Test("a playlist that names another file, or an address, is not followed")
    func playlist() async throws {
        try await SpeechFiles.withFolder { folder in
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 5) + ["-c:a", "aac", folder + "/secret.ts"])
            let lists = [
                "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://\(folder)/secret.ts\n#EXT-X-ENDLIST\n",
                "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile secret.ts\n",
            ]
            for list in lists {
                try Data(list.utf8).write(to: URL(fileURLWithPath: folder + "/upload.mp3"))
                let error = await #expect(throws: AudioError.self) {
                    try await preparation.plan(folder + "/upload.mp3", limits: limits)
                }
                guard case .unsupported = error else {
                    Issue.record("\(String(describing: error)) for \(list)")
                    return
                }
            }
        }
    }

    @Test(
        "a name is never taken for an option or an address",
        arguments: ["-i.wav", "http:x.wav", "concat:a|b.wav", "a b'c.wav"])
    func names(name: String) async throws {
        try await SpeechFiles.withFolder { folder in
            let path = "\(folder)/\(name)"
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 3) + ["file:" + path])
            #expect(Self.isNear(try await preparation.plan(path, limits: limits).duration, .s(3)))
        }
    }

    @Test("what is too long is not decoded")
    func tooLong() async throws {
        try await SpeechFiles.withFolder { folder in
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 5) + [folder + "/long.wav"])
            var settings = AudioPreparation.Settings()
            settings.maximumDuration = .s(4)
            settings.ffmpeg = "/nowhere/ffmpeg"
            await #expect(throws: AudioError.tooLong(.s(4))) {
                try await AudioPreparation(settings).plan(folder + "/long.wav", limits: limits)
            }
        }
    }

    @Test("what says nothing of its length is not decoded beyond the limit")
    func endless() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/live.mkv"
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 600) + ["-c:a", "flac", "-live", "1", path])
            var settings = AudioPreparation.Settings()
            settings.maximumDuration = .s(30)
            let preparation = AudioPreparation(settings)
            #expect(try await preparation.probe(path).declaredDuration == nil)
            await #expect(throws: AudioError.tooLong(.s(30))) { try await preparation.plan(path, limits: limits) }
        }
    }

    @Test("a gap in the middle is silence, but no small file makes hours of it")
    func gaps() async throws {
        try await SpeechFiles.withFolder { folder in
            let whole = folder + "/whole.mka"
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 20) + ["-c:a", "flac", whole])
            func jumping(_ seconds: Int) async throws -> String {
                let path = "\(folder)/\(seconds).mka"
                func times(_ name: String) -> String { "'if(gt(\(name),9900),\(name)+\(seconds)*1000,\(name))'" }
                try await SpeechFiles.ffmpeg(
                    ["-i", whole, "-c", "copy", "-bsf:a", "setts=pts=\(times("PTS")):dts=\(times("DTS"))", path])
                return path
            }
            let plan = try await preparation.plan(try await jumping(600), limits: limits)
            #expect(Self.isNear(plan.duration, .s(620)), "\(plan)")
            #expect(plan.silences.contains { $0.length > .s(600) }, "\(plan)")
            let message = await Self.error(try await jumping(20 * 3600), limits)
            #expect(message?.hasPrefix("The file is damaged") == true)
        }
    }

    @Test("without the programs it says which one is missing")
    func missingPrograms() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/sound.wav"
            try await SpeechFiles.ffmpeg(SpeechFiles.tones(seconds: 1) + [path])
            var settings = AudioPreparation.Settings()
            settings.ffmpeg = "/nowhere/ffmpeg"
            await #expect(throws: AudioError.programMissing("/nowhere/ffmpeg")) {
                try await AudioPreparation(settings).plan(path, limits: limits)
            }
            settings.ffprobe = "no-such-ffprobe"
            await #expect(throws: AudioError.programMissing("no-such-ffprobe")) {
                try await AudioPreparation(settings).probe(path)
            }
        }
    }

    @Test("a program that hangs is ended")
    func hanging() async throws {
        try await SpeechFiles.withFolder { folder in
            let program = folder + "/ffprobe"
            try Data("#!/bin/sh\nsleep 1000\n".utf8).write(to: URL(fileURLWithPath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            var settings = AudioPreparation.Settings()
            settings.ffprobe = program
            settings.probeTimeout = .milliseconds(200)
            await #expect(throws: AudioError.tookTooLong(.milliseconds(200))) {
                try await AudioPreparation(settings).probe(program)
            }
        }
    }

    @Test("a program that is ended from outside is no fault of the file")
    func killed() async throws {
        try await SpeechFiles.withFolder { folder in
            let program = folder + "/ffprobe"
            try Data("#!/bin/sh\nkill -9 $$\n".utf8).write(to: URL(fileURLWithPath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            var settings = AudioPreparation.Settings()
            settings.ffprobe = program
            let error = await #expect(throws: AudioError.self) { try await AudioPreparation(settings).probe(program) }
            #expect(error?.isRetryable == true)
        }
    }

    @Test("a full disk is no fault of the file")
    func fullDisk() {
        let error = FFmpegFailure.writing("av_interleaved_write_frame(): No space left on device")
        guard case .failed = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.isRetryable && !AudioError.damaged("").isRetryable)
    }

    private static func error(_ path: String, _ limits: ChunkLimits) async -> String? {
        let error = await #expect(throws: AudioError.self) {
            try await AudioPreparation().plan(path, limits: limits)
        }
        return error?.description
    }

    /// Within what an encoder adds at the beginning.
    private static func isNear(_ time: AudioTime, _ other: AudioTime) -> Bool {
        abs(time.milliseconds - other.milliseconds) <= 120
    }
}
