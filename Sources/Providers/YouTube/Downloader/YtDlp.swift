internal import Foundation

/// Asks YouTube by running yt-dlp: a video's description, its captions and its sound, and what is in a list.
///
/// Each run has a folder of its own that is gone afterwards, and is bounded in time, output and file size. Nothing is
/// tried twice here but what yt-dlp itself repeats once: how often YouTube may be asked is for the caller to decide,
/// who gets with each ``YtDlpError`` what can be done. Everything is addressed by typed ids, and addresses come after
/// `--`.
public struct YtDlp: Sendable {
    /// How it is run.
    public struct Settings: Sendable {
        /// A path, or a name that is looked for in PATH.
        public var program: String
        /// The address of a proxy for all of yt-dlp's requests: `http://…` or `socks5h://…`, with or without a
        /// password.
        public var proxy: Secret?
        /// A file of cookies in Netscape's form. It is copied for each run, so that no run changes it.
        public var cookies: String?
        /// Where the runs' folders are made.
        public var temporaryFolder: String

        /// The defaults: `yt-dlp` in PATH, the system's folder for temporary files.
        public init(
            program: String = "yt-dlp", proxy: Secret? = nil, cookies: String? = nil, temporaryFolder: String? = nil
        ) {
            self.program = program
            self.proxy = proxy
            self.cookies = cookies
            self.temporaryFolder = temporaryFolder ?? FileManager.default.temporaryDirectory.path
        }

        /// The folder for the runs' folders, whichever folder a program is in.
        var absoluteTemporaryFolder: String {
            temporaryFolder.hasPrefix("/")
                ? temporaryFolder : "\(FileManager.default.currentDirectoryPath)/\(temporaryFolder)"
        }
    }

    /// Which addresses captions may come from: in production YouTube's own, always.
    let captionHosts: CaptionHosts
    let settings: Settings
    /// No run may take longer; of use to tests.
    private let longestTime: Duration?

    /// Makes it ready; nothing is run yet.
    public init(_ settings: Settings = Settings()) { self.init(settings, captionHosts: .youTube) }

    init(_ settings: Settings, captionHosts: CaptionHosts, longestTime: Duration? = nil) {
        self.settings = settings
        self.captionHosts = captionHosts
        self.longestTime = longestTime
    }

    /// The version of the program.
    ///
    /// - Throws: ``YtDlpError``: `toolMissing`, `toolOld` (with what was found and what is needed), `toolCrashed`.
    public func version() async throws -> YtDlpVersion {
        let limits = YtDlpLimits.limits(YtDlpLimits.versionTime, YtDlpLimits.versionBytes)
        let result = try await checked {
            try await process().run(["--ignore-config", "--version"], limits: shortened(limits))
        }
        let text = String(decoding: result.output, as: UTF8.self)
        guard let version = YtDlpVersion(text) else { throw YtDlpError(.toolCrashed, detail: "--version: \(text)") }
        guard version >= .minimum else { throw YtDlpError.old(version) }
        return version
    }

    /// Removes what runs have left behind whose program was killed, as far as nobody uses it any more: for the start.
    ///
    /// - Returns: How many runs' folders were removed.
    @discardableResult
    public func removeLeftovers() -> Int { YtDlpFolder.sweep(settings.absoluteTemporaryFolder) }

    /// Runs it to its end with the options that all runs have, and keeps its output.
    func run(
        _ options: [String], at address: String?, in folder: YtDlpFolder, _ limits: ChildProcess.Limits
    ) async throws -> ChildProcess.Result {
        let arguments = YtDlpArguments.all(captionHosts.readers + options, folder, address)
        return try await checked {
            try await process(folder).run(arguments, in: folder.path, limits: shortened(limits))
        }
    }

    /// Runs it to its end with the options that all runs have, and hands over its output line by line.
    ///
    /// - Parameter workingFolder: Where files go that outlive the run; without it the run's own folder.
    func run(
        _ options: [String], at address: String?, in folder: YtDlpFolder, workingFolder: String? = nil,
        _ limits: ChildProcess.Limits, receive: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        let arguments = YtDlpArguments.all(captionHosts.readers + options, folder, address)
        let lines = OutputLines(limit: YtDlpLimits.lineBytes, receive: receive)
        _ = try await checked {
            try await process(folder).run(arguments, in: workingFolder ?? folder.path, limits: shortened(limits)) {
                piece in
                try await lines.take(piece)
            }
        }
        try await lines.end()
    }

    func process(_ folder: YtDlpFolder? = nil) -> ChildProcess {
        var variables = ChildProcess.inheritedEnvironment
        // Whatever the system's language: its texts are read here.
        variables["PYTHONUTF8"] = "1"
        variables["PYTHONIOENCODING"] = "utf-8"
        // Where it is one packed file, it unpacks itself there; a killed one would leave that behind.
        if let folder { variables["TMPDIR"] = folder.path }
        return ChildProcess(program: settings.program, environment: variables)
    }

    func shortened(_ limits: ChildProcess.Limits) -> ChildProcess.Limits {
        var limits = limits
        if let longestTime { limits.time = min(limits.time, longestTime) }
        return limits
    }

    /// The result of a run that went well; the error of any other.
    private func checked(_ run: () async throws -> ChildProcess.Result) async throws -> ChildProcess.Result {
        let result = try await ended(run)
        guard result.exitCode == 0 else {
            throw FailureReading(result).error(at: Date(), redaction: LogRedaction(settings))
        }
        return result
    }

    /// The result of a run, however it ended.
    func ended(_ run: () async throws -> ChildProcess.Result) async throws -> ChildProcess.Result {
        do {
            return try await run()
        } catch let error as ProcessError {
            throw YtDlpError(error)
        }
    }
}

/// What runs of yt-dlp may take.
enum YtDlpLimits {
    static let versionTime = Duration.seconds(30)
    static let versionBytes = 4 << 10
    /// A video's description takes some requests, each with its own time limit in ``YtDlpArguments``.
    static let informationTime = Duration.seconds(120)
    /// Descriptions have about a megabyte; most of it are addresses of captions.
    static let informationBytes = 32 << 20
    static let captionTime = Duration.seconds(90)
    /// Captions of ten hours have about four megabytes.
    static let captionBytes = 32 << 20
    /// Lines of progress beside a file.
    static let messageBytes = 16 << 20
    static let listTime = Duration.seconds(600)
    /// Entries have about two kilobytes.
    static let listBytes = 256 << 20
    /// Of one entry of a list.
    static let lineBytes = 1 << 20
    static let audioTime = Duration.seconds(3 * 60 * 60)
    /// What is written to standard error, from its end.
    static let errorBytes = 64 << 10

    static func limits(_ time: Duration, _ outputBytes: Int) -> ChildProcess.Limits {
        ChildProcess.Limits(time: time, outputBytes: outputBytes, errorBytes: errorBytes)
    }
}
