internal import Foundation

/// The folder of one run, which only this user can read, and which is gone when the run has ended.
struct YtDlpFolder: Sendable {
    let path: String
    /// The options that are about files in it: the proxy, whose password is nobody's business who lists processes, and
    /// cookies, which yt-dlp writes back to where it has them from.
    let options: [String]

    /// What the names of all such folders begin with.
    private static let prefix = "vidsift-ytdlp-"

    /// Runs `body` with a new folder.
    ///
    /// - Throws: ``YtDlpError``: `storage` where there can be none, `cookies` where there is no such file.
    static func make<Value>(
        _ settings: YtDlp.Settings, _ body: (YtDlpFolder) async throws -> Value
    ) async throws -> Value {
        let folder = try new(in: settings.absoluteTemporaryFolder)
        defer { folder.remove() }
        return try await body(YtDlpFolder(path: folder.path, options: try options(settings, folder.path)))
    }

    /// Removes the folders in `parent` that runs of programs have left which were killed; those of runs that are under
    /// way, in this process or another, stay.
    ///
    /// - Returns: How many were removed.
    static func sweep(_ parent: String) -> Int { OwnedFolder.sweep(prefix, in: parent) }

    private static func new(in parent: String) throws(YtDlpError) -> OwnedFolder {
        do {
            return try OwnedFolder(in: parent, prefix: prefix)
        } catch {
            throw YtDlpError(.storage, detail: error.description)
        }
    }

    /// Writes a file that only this user can read.
    func write(_ bytes: [UInt8], as name: String) throws -> String { try Self.write(bytes, to: "\(path)/\(name)") }

    private static func options(_ settings: YtDlp.Settings, _ path: String) throws -> [String] {
        var options: [String] = []
        if let proxy = settings.proxy, !proxy.value.isEmpty {
            let line = "--proxy " + quoted(proxy.value) + "\n"
            options += ["--config-locations", try write(Array(line.utf8), to: "\(path)/options")]
        }
        if let cookies = settings.cookies {
            guard let contents = FileManager.default.contents(atPath: cookies) else {
                throw YtDlpError(.cookies, "The file of cookies cannot be read.", detail: "not readable")
            }
            options += ["--cookies", try write([UInt8](contents), to: "\(path)/cookies")]
        }
        return options
    }

    @discardableResult
    private static func write(_ bytes: [UInt8], to path: String) throws -> String {
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw YtDlpError(.storage, detail: "cannot write \(path)") }
        return path
    }

    /// As a POSIX shell would have it, which is how yt-dlp reads its files of options.
    static func quoted(_ text: String) -> String {
        let line = String(text.unicodeScalars.filter { !$0.properties.isWhitespace && $0.value >= 0x20 })
        return "'" + line.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
    }
}
