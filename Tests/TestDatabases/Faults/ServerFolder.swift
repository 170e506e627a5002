internal import Foundation

/// A folder of a test's server, which goes with it. Its path is short, because that of a socket has an end.
public final class ServerFolder: Sendable {
    let url: URL

    init() throws {
        url = URL(fileURLWithPath: "/tmp/vidsift-fault-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        // The servers run as another user, and look into it.
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: url.path)
    }

    deinit {
        // What stays behind in the temporary folder does no harm.
        try? FileManager.default.removeItem(at: url)
    }

    subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Makes a folder that only the servers' user may use.
    func makePrivateFolder(_ name: String) async throws -> URL {
        let folder = self[name]
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try await ServerUser.own([folder])
        return folder
    }
}
