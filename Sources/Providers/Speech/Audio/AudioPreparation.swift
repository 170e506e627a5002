internal import Foundation
internal import Synchronization

/// Reads the sound of a file with ffmpeg: how long it is, where it is silent, and pieces of it for a transcriber.
///
/// Only kinds of files are read that hold sound themselves, and only from the disk: a playlist that names other files or
/// addresses is refused.
public struct AudioPreparation: Sendable {
    /// The programs and their limits.
    public struct Settings: Sendable {
        /// A path, or a name that is looked for in PATH.
        public var ffmpeg = "ffmpeg"
        /// A path, or a name that is looked for in PATH.
        public var ffprobe = "ffprobe"
        /// The longest recording.
        public var maximumDuration = AudioTime(milliseconds: 24 * 3_600_000)
        /// For looking at a file's headers.
        public var probeTimeout = Duration.seconds(60)
        /// For decoding a whole file: 24 hours take some minutes.
        public var scanTimeout = Duration.seconds(30 * 60)
        /// For cutting one part out.
        public var extractTimeout = Duration.seconds(10 * 60)

        /// The defaults.
        public init() {}
    }

    /// So much quieter than the loudest sound is silence, in decibels. Speech at the far end of a room is 30 to 40 below
    /// the speaker at the microphone: what is dropped here must not be heard.
    static let silenceDepth = 45.0
    /// A recording whose loudest sound is quieter than this is listened to again, with a level of its own.
    static let quietPeak = -6.0
    /// Nothing in such a recording can be heard at all, however loud one turns it.
    static let inaudiblePeak = -75.0
    /// A shorter silence is a breath between two words.
    static let shortestSilence = 0.4
    /// Kinds of files (ffmpeg's demuxers) that hold sound themselves.
    static let kinds = [
        "aac", "ac3", "aiff", "amr", "asf", "au", "avi", "caf", "eac3", "flac", "flv", "matroska", "mov", "mp3", "mp4",
        "mpeg", "mpegts", "ogg", "w64", "wav", "webm", "wv",
    ]

    static let maximumProbeBytes = 1 << 20
    /// A line for each silence and its end.
    private static let maximumScanBytes = 64 << 20
    /// The largest piece of memory that ffmpeg may take at once. Where a file's times jump, it fills the gap with silence
    /// in memory: two hours are as much.
    private static let maximumAllocation = 256 << 20

    let settings: Settings
    let ffmpeg: ChildProcess
    let ffprobe: ChildProcess

    /// Looks for nothing yet.
    public init(_ settings: Settings = Settings()) {
        self.settings = settings
        ffmpeg = ChildProcess(program: settings.ffmpeg)
        ffprobe = ChildProcess(program: settings.ffprobe)
    }

    /// What the file at `path` says it is.
    ///
    /// - Throws: ``AudioError``, `CancellationError`
    public func probe(_ path: String) async throws -> AudioProbe {
        guard FileManager.default.fileExists(atPath: path) else { throw AudioError.noFile }
        let arguments =
            ["-v", "error"] + Self.input(path)
            + ["-show_entries", "format=format_name,duration:stream=codec_type", "-of", "json"]
        let result = try await run(
            ffprobe, arguments, ChildProcess.Limits(time: settings.probeTimeout, outputBytes: Self.maximumProbeBytes))
        guard result.exitCode == 0 else { throw FFmpegFailure.reading(result.errors) }
        return try AudioProbe(json: result.output)
    }

    /// Decodes all of the file at `path`, and plans how it is cut.
    ///
    /// - Throws: ``AudioError``, `CancellationError`
    public func plan(_ path: String, limits: ChunkLimits) async throws -> AudioPlan {
        let probe = try await probe(path)
        if let declared = probe.declaredDuration { try check(declared) }
        var scan = try await scan(path, below: -Self.silenceDepth)
        if let peak = scan.report.peak, peak < Self.quietPeak, peak > Self.inaudiblePeak, scan.hasSilence {
            scan = try await self.scan(path, below: peak - Self.silenceDepth)
        }
        if scan.report.hasEndlessGap { throw AudioError.damaged("its times jump by hours") }
        guard let duration = scan.report.duration else { throw AudioError.damaged("no sound in it could be decoded") }
        try check(duration)
        return AudioPlan(
            duration: duration, declaredDuration: probe.declaredDuration,
            silences: scan.silences.silences(until: duration), limits: limits)
    }

    /// Writes a part of the sound at `path` as a new file of one channel with 16,000 samples a second.
    ///
    /// - Throws: ``AudioError``, `CancellationError`; there may be the beginning of a file then.
    public func extract(_ span: AudioSpan, of path: String, as format: AudioFormat, to output: String) async throws {
        let arguments =
            ["-hide_banner", "-nostdin", "-nostats", "-v", "info"]
            + ["-ss", "\(span.start.seconds)", "-t", "\(span.length.seconds)"] + Self.input(path)
            + ["-map", "0:a:0", "-map_metadata", "-1", "-af", Self.resampling, "-ac", "1", "-threads", "1"]
            + format.encoding + ["-y", "file:" + output]
        let result = try await run(
            ffmpeg, arguments, ChildProcess.Limits(time: settings.extractTimeout, outputBytes: Self.maximumProbeBytes))
        guard result.exitCode == 0 else { throw FFmpegFailure.writing(result.errors) }
        // A file without sound would be written all the same.
        guard ScanReport(result.errors).duration != nil else {
            throw AudioError.damaged("no sound is there from \(span.start.seconds) s on")
        }
    }

    // MARK: The whole file

    private struct Scan: Sendable {
        var silences: SilenceReader
        var report: ScanReport

        var hasSilence: Bool { !silences.silences(until: report.duration ?? .zero).isEmpty }
    }

    private func scan(_ path: String, below level: Double) async throws -> Scan {
        // Of whole numbers silencedetect rounds the level: to nothing, for a quiet recording.
        let filters = [
            Self.resampling, "aformat=sample_fmts=flt:channel_layouts=mono",
            "silencedetect=noise=\(level)dB:d=\(Self.shortestSilence)", "ametadata=mode=print:file='pipe\\:1'",
            "volumedetect",
        ]
        let arguments =
            ["-hide_banner", "-nostdin", "-nostats", "-v", "info"] + Self.input(path)
            + ["-map", "0:a:0", "-af", filters.joined(separator: ","), "-t", "\(longest.seconds)", "-f", "null", "-"]
        let silences = Mutex(SilenceReader())
        let result = try await run(
            ffmpeg, arguments, ChildProcess.Limits(time: settings.scanTimeout, outputBytes: Self.maximumScanBytes)
        ) { piece in
            silences.withLock { $0.append(piece) }
        }
        guard result.exitCode == 0 else { throw FFmpegFailure.reading(result.errors) }
        return Scan(silences: silences.withLock(\.self), report: ScanReport(result.errors))
    }

    /// So much is decoded at most: times that jump are filled with silence, and some files don't say how long they are.
    var longest: AudioTime { settings.maximumDuration + AudioTime(milliseconds: 1000) }

    func check(_ duration: AudioTime) throws {
        guard duration <= settings.maximumDuration else { throw AudioError.tooLong(settings.maximumDuration) }
    }

    // MARK: Running the programs

    /// 16,000 samples a second; what is missing at the beginning or in the middle of the sound is filled with silence, so
    /// that times are those of the file.
    static let resampling = "aresample=\(AudioFormat.sampleRate):async=1:first_pts=0"

    /// The file, and nothing but the file: no address, no other file that it names.
    static func input(_ path: String) -> [String] {
        ["-max_alloc", "\(maximumAllocation)", "-protocol_whitelist", "file,pipe"]
            + ["-format_whitelist", kinds.joined(separator: ","), "-i", "file:" + path]
    }

    func run(
        _ program: ChildProcess, _ arguments: [String], _ limits: ChildProcess.Limits,
        receive: (@Sendable (ArraySlice<UInt8>) async throws -> Void)? = nil
    ) async throws -> ChildProcess.Result {
        let result: ChildProcess.Result
        do {
            result =
                if let receive {
                    try await program.run(arguments, limits: limits, receive: receive)
                } else {
                    try await program.run(arguments, limits: limits)
                }
        } catch let error as ProcessError {
            throw FFmpegFailure.running(error)
        }
        if let signal = result.signal { throw AudioError.failed("ended by signal \(signal)") }
        return result
    }
}
