internal import Foundation

/// Debian's pgbouncer before a server, with a password at its door.
public final class PgBouncer: Sendable {
    /// What its connections belong to.
    public enum Mode: String, CaseIterable, Sendable {
        case session
        case transaction
    }

    /// The password of the user `postgres`.
    public static let password = "the-poolers-secret"

    private let folder: ServerFolder
    private let port: UInt16
    private let program: StartedProgram

    private static let path = "/usr/sbin/pgbouncer"

    /// Why there can be none, nil if there can.
    public static let absence: String? =
        FileManager.default.isExecutableFile(atPath: path)
        ? ServerUser.absence : "pgbouncer is not installed: scripts/setup --for-tests installs it"

    /// Runs the closure with a pooler, which ends afterwards.
    ///
    /// - Parameters:
    ///   - serversURL: the URL of the tests' server, or of one's own: with a socket's folder as `host`.
    ///   - connections: the most to the server.
    ///   - certificates: with which it takes TLS connections only.
    public static func run<T>(
        _ mode: Mode, before serversURL: String, connections: Int = 10, certificates: Certificates? = nil,
        _ body: (PgBouncer) async throws -> T
    ) async throws -> T {
        let pooler = try await PgBouncer(mode, before: serversURL, connections, certificates)
        do {
            let result = try await body(pooler)
            await pooler.end()
            return result
        } catch {
            await pooler.end()
            throw error
        }
    }

    private init(_ mode: Mode, before serversURL: String, _ connections: Int, _ certificates: Certificates?)
        async throws
    {
        folder = try ServerFolder()
        let run = try await folder.makePrivateFolder("run")
        port = try LoopbackSocket.freePort()
        var lines = [
            "[databases]", "* = host=\(try Self.socketFolder(of: serversURL))", "[pgbouncer]", "listen_addr=127.0.0.1",
            "listen_port=\(port)", "unix_socket_dir=\(run.path)", "auth_type=scram-sha-256",
            "auth_file=\(folder["users"].path)", "pool_mode=\(mode.rawValue)", "default_pool_size=\(connections)",
            // A server that refused is tried again after 15 seconds otherwise.
            "server_login_retry=1",
        ]
        if let certificates {
            lines += [
                "client_tls_sslmode=require", "client_tls_cert_file=\(certificates.certificate.path)",
                "client_tls_key_file=\(certificates.key.path)",
            ]
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: folder["settings"])
        try Data("\"postgres\" \"\(Self.password)\"\n".utf8).write(to: folder["users"])
        try await ServerUser.own([folder["settings"], folder["users"]])
        program = try await StartedProgram(
            ServerUser.command([Self.path, folder["settings"].path]), log: folder["log"])
        let socket = run.appendingPathComponent(".s.PGSQL.\(port)")
        try await eventually("the start of pgbouncer") { [program] in
            guard program.isRunning else { throw ProgramFailure(command: ["pgbouncer"], output: program.output) }
            return FileManager.default.fileExists(atPath: socket.path) && program.output.contains("process up")
        }
    }

    /// A database's URL through the pooler.
    ///
    /// - Parameters:
    ///   - port: of a proxy before the pooler.
    ///   - parameters: further ones, as in `sslmode=require`.
    public func url(
        of database: String, host: String = "127.0.0.1", port: UInt16? = nil, password: String = PgBouncer.password,
        _ parameters: [String] = []
    ) -> String {
        let parameters = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        return "postgresql://postgres:\(password)@\(host):\(port ?? self.port)/\(database)\(parameters)"
    }

    /// Where it listens, for a proxy.
    public var target: LoopbackProxy.Target { .port(port) }

    private func end() async {
        program.signal(SIGTERM)
        await program.end()
    }

    private static func socketFolder(of url: String) throws -> String {
        let items = URLComponents(string: url)?.queryItems ?? []
        guard let folder = items.first(where: { $0.name == "host" })?.value else {
            throw TestServerError(problem: "the tests' server is not reached through a socket")
        }
        return folder
    }
}
