internal import Foundation

/// Certificates for TLS, made by the `openssl` program: a root, and a server's for the name `localhost`.
public final class Certificates: Sendable {
    private let folder: ServerFolder

    /// Why there can be none, nil if there can.
    public static let absence: String? =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")
        ? nil : "openssl is not installed: scripts/setup --for-tests installs it"

    private static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    /// Makes them.
    public init() async throws {
        folder = try ServerFolder()
        try await makeRoot("root")
        try await makeRoot("stranger")
        try await StartedProgram.run(
            ["openssl", "req"] + Self.key + [
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key.path,
                "-out", folder["server.csr"].path,
            ])
        try await StartedProgram.run([
            "openssl", "x509", "-req", "-in", folder["server.csr"].path, "-CA", folder["root.crt"].path,
            "-CAkey", folder["root.key"].path, "-CAcreateserial", "-days", "2", "-copy_extensions", "copy",
            "-out", certificate.path,
        ])
        try await ServerUser.own([key, certificate])
    }

    /// Of the root that has signed the server's certificate.
    public var root: String { folder["root.crt"].path }
    /// Of another root.
    public var strangersRoot: String { folder["stranger.crt"].path }

    var certificate: URL { folder["server.crt"] }
    var key: URL { folder["server.key"] }

    private func makeRoot(_ name: String) async throws {
        try await StartedProgram.run(
            ["openssl", "req", "-x509"] + Self.key + [
                "-days", "2", "-subj", "/CN=\(name)", "-keyout", folder["\(name).key"].path,
                "-out", folder["\(name).crt"].path,
            ])
    }
}
