internal import Foundation

/// Sound that was made small.
public struct CompactSound: Sendable, Hashable {
    /// How long it is: as long as the sound of the file that it was made of.
    public var duration: AudioTime
    /// The size of its file.
    public var bytes: Int
}

extension AudioPreparation {
    /// How the name of a file with sound ends that was made small: Opus in Ogg.
    public static let compactFileExtension = "ogg"
    /// Speech of 16,000 samples a second is no worse at it for a transcriber; an hour has about 14 MB.
    static let compactBitsPerSecond = 32_000
    /// Of libopus, 0 to 10: the upper half costs twice the time for a difference that nobody hears.
    private static let compactEffort = 5

    /// Makes the sound of the file at `path` small: one channel, in which each sound is at the time that it has in the
    /// file.
    ///
    /// - Throws: ``AudioError``, `CancellationError`; there may be the beginning of a file then.
    public func compact(_ path: String, to output: String, maximumBytes: Int) async throws -> CompactSound {
        if let declared = try await probe(path).declaredDuration { try check(declared) }
        let encoding = ["-c:a", "libopus", "-b:a", "\(Self.compactBitsPerSecond)"]
        let limits = ["-t", "\(longest.seconds)", "-fs", "\(maximumBytes)", "-threads", "1"]
        let arguments =
            ["-hide_banner", "-nostdin", "-nostats", "-v", "info"] + Self.input(path)
            + ["-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-af", Self.resampling, "-ac", "1"]
            + encoding + ["-compression_level", "\(Self.compactEffort)"] + limits
            + ["-f", "ogg", "-y", "file:" + output]
        let result = try await run(
            ffmpeg, arguments, ChildProcess.Limits(time: settings.scanTimeout, outputBytes: Self.maximumProbeBytes))
        guard result.exitCode == 0 else { throw FFmpegFailure.writing(result.errors) }
        let report = ScanReport(result.errors)
        if report.hasEndlessGap { throw AudioError.damaged("its times jump by hours") }
        guard let duration = report.duration else { throw AudioError.damaged("no sound in it could be decoded") }
        try check(duration)
        let attributes = try? FileManager.default.attributesOfItem(atPath: output)
        guard let bytes = attributes?[.size] as? Int else { throw AudioError.failed("the small file is not there") }
        // ffmpeg ends a file that gets too large just before or behind the limit, and calls that a success.
        guard bytes + Self.largestPage < maximumBytes else { throw AudioError.tooLarge(maximumBytes) }
        return CompactSound(duration: duration, bytes: bytes)
    }

    /// The largest page of an Ogg file (RFC 3533), which is written as a whole.
    private static let largestPage = 65_307

    /// The program that is needed and can't be started; nil where all are there.
    ///
    /// - Throws: `CancellationError`
    public func missingProgram() async throws -> String? {
        for (name, program) in [(settings.ffmpeg, ffmpeg), (settings.ffprobe, ffprobe)] {
            let limits = ChildProcess.Limits(time: settings.probeTimeout, outputBytes: Self.maximumProbeBytes)
            do {
                _ = try await run(program, ["-version"], limits)
            } catch AudioError.programMissing {
                return name
            } catch is AudioError {
                continue  // It is there; what is wrong with it shows when it is used.
            }
        }
        return nil
    }
}
