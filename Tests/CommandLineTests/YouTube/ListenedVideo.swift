import Foundation
import TestModels

/// A video without captions whose sound can be had, and what a transcriber on loopback hears in it.
struct ListenedVideo {
    static let id = FakeDownloader.video
    static let title = "Why bread rises"
    /// So much sound is sent in two parts.
    static let secondsOfTwoParts = 700

    private let downloader: FakeDownloader
    private let program: String

    /// - Parameter seconds: of sound.
    init(in vidsift: Vidsift, seconds: Int = 20) throws {
        downloader = try FakeDownloader(in: vidsift)
        try downloader.add(Self.id, title: Self.title, hasCaptions: false)
        try vidsift.write(Data(Self.sound(seconds: seconds)), to: "yt-dlp/sound.wav")
        program = try vidsift.write(Self.script, to: "yt-dlp/with-sound")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }

    /// What makes the program have it listened to.
    ///
    /// - Parameter address: of the transcriber.
    func environment(_ address: String) -> [String: String] {
        downloader.environment.merging(["YTDLP_PATH": program, "TRANSCRIPTION_BASE_URL": address]) { $1 }
    }

    /// The answer of a transcriber that hears one sentence, a second after the beginning of each part.
    static func hearing(_ sentence: String) -> String {
        """
        {"task":"transcribe","language":"english","duration":9.0,"text":"\(sentence)","segments":[{"id":0,"seek":0,
        "start":1.0,"end":4.0,"text":" \(sentence)","temperature":0.0,"avg_logprob":-0.2,"compression_ratio":0.7,
        "no_speech_prob":0.01}]}
        """
    }

    /// Brings the sound along; all else is as without.
    private static let script = """
        #!/bin/sh
        here="$(dirname "$0")"
        case " $* " in
        *" bestaudio/best "*)
            cp "$here/sound.wav" audio.wav
            echo '{"downloaded_bytes":1000,"total_bytes":2000,"status":"downloading"}'
            echo "{\\"filepath\\":\\"$PWD/audio.wav\\",\\"ext\\":\\"wav\\"}" ;;
        *) exec "$here/yt-dlp" "$@" ;;
        esac

        """

    /// A WAV file of a tone that hums and falls: 8 kHz, mono, 8 bits.
    private static func sound(seconds: Int) -> [UInt8] {
        let count = 8_000 * seconds
        var bytes = Array("RIFF".utf8) + word(36 + count) + Array("WAVEfmt ".utf8) + word(16)
        bytes += [1, 0, 1, 0] + word(8_000) + word(8_000) + [1, 0, 8, 0] + Array("data".utf8) + word(count)
        let second = (0..<8_000).map { sample -> UInt8 in
            let loudness = sample % 2_000 / 20
            return UInt8(sample / 20 % 2 == 0 ? 128 + loudness : 128 - loudness)
        }
        for _ in 0..<seconds { bytes += second }
        return bytes
    }

    private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}

/// Programs that a test needs beside ours.
enum InstalledPrograms {
    /// What reads sound, and what gives a command a terminal.
    static let canListen: Bool = {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        let missing = ["ffmpeg", "ffprobe", "script"].filter { program in
            !folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
        if !missing.isEmpty {
            print("skipped: not installed: \(missing.joined(separator: ", ")) (scripts/setup --for-tests)")
        }
        return missing.isEmpty
    }()
}
