public import Foundation

/// What yt-dlp has at hand on this machine to get anything from YouTube with, for those who look after it.
public struct YtDlpEquipment: Sendable, Equatable {
    /// Its version.
    public var version: YtDlpVersion
    /// The JavaScript engines that it can use, as it writes them (`deno-2.5.6`); nil where it does not say.
    public var engines: [String]?
    /// Whether it has the scripts that solve YouTube's challenges in such an engine; nil where it does not say.
    public var hasScripts: Bool?

    /// Creates an equipment.
    public init(version: YtDlpVersion, engines: [String]? = nil, hasScripts: Bool? = nil) {
        self.version = version
        self.engines = engines
        self.hasScripts = hasScripts
    }

    /// Reads what `yt-dlp --verbose` says of itself.
    init(version: YtDlpVersion, report: String) {
        let engines = Self.entries("JS runtimes", of: report)?.filter { !$0.contains("(") && $0 != "none" }
        let libraries = Self.entries("Optional libraries", of: report)
        self.init(
            version: version, engines: engines,
            hasScripts: libraries.map { $0.contains { $0.hasPrefix("yt_dlp_ejs") } })
    }

    /// What is wrong with it and what to do about it, in sentences for people; empty where all is well.
    public func complaints(on date: Date) -> [String] {
        var complaints: [String] = []
        if version.isOutdated(on: date) {
            complaints.append(
                "yt-dlp \(version) is more than \(YtDlpVersion.outdatedAfterDays) days old and will soon fail at "
                    + "YouTube's changes. Update it: python3 -m pip install --upgrade \"yt-dlp[default]\"")
        }
        if engines == [] {
            complaints.append(
                "yt-dlp finds no JavaScript engine that it can use, and YouTube gives little or nothing without one. "
                    + "Install deno: https://docs.deno.com/runtime/getting_started/installation/")
        }
        if hasScripts == false {
            complaints.append(
                "yt-dlp lacks the scripts that solve YouTube's challenges. "
                    + "Install them: python3 -m pip install \"yt-dlp[default]\"")
        }
        return complaints
    }

    /// The entries of the line `[debug] name: one, two`.
    private static func entries(_ name: String, of report: String) -> [String]? {
        let mark = "[debug] \(name): "
        let line = report.split(whereSeparator: \.isNewline).first { $0.hasPrefix(mark) }
        return line?.dropFirst(mark.count).split(separator: ", ").map(String.init)
    }
}

extension YtDlp {
    /// What yt-dlp has at hand on this machine. It contacts nobody.
    ///
    /// - Throws: ``YtDlpError`` as ``version()`` does, or `CancellationError`.
    public func equipment() async throws -> YtDlpEquipment {
        let version = try await version()
        let limits = YtDlpLimits.limits(YtDlpLimits.versionTime, YtDlpLimits.versionBytes)
        // Without an address it tells about itself and ends; that it then asks for one is no failure.
        let result = try await YtDlpFolder.make(settings) { folder in
            try await ended {
                try await process(folder).run(
                    YtDlpArguments.common + ["--verbose"], in: folder.path, limits: shortened(limits))
            }
        }
        return YtDlpEquipment(version: version, report: result.errors)
    }
}
