public import Database
internal import Foundation
internal import Logging
internal import Synchronization

/// A PostgreSQL server of a test's own, which may be treated badly. What it has acknowledged is on its disk.
public final class OwnServer: Sendable {
    /// Where it keeps its data.
    public enum Disk: Sendable {
        case usual
        /// A disk in memory with room for so many bytes, of the data and perhaps of the log that is written before it.
        case small(bytes: Int, withLog: Bool)
    }

    private let folder: ServerFolder
    private let disk: SmallDisk?
    private let data: URL
    private let run: URL
    /// Of the log that is written before the data, where it has a folder of its own.
    private let logFolder: URL?
    private let settings: [String]
    private let program = Mutex<StartedProgram?>(nil)

    private static let programs = ProcessInfo.processInfo.environment["VIDSIFT_TEST_POSTGRES_BIN"]

    /// Why none can be started, nil if one can.
    public static let absence: String? =
        programs == nil ? "VIDSIFT_TEST_POSTGRES_BIN is not set: scripts/test sets it" : ServerUser.absence

    /// Runs the closure with a server, which ends afterwards.
    ///
    /// - Parameter settings: `name=value`, as in `postgresql.conf`.
    public static func run<T>(
        on disk: Disk = .usual, _ settings: [String] = [], _ body: (OwnServer) async throws -> T
    ) async throws -> T {
        let server = try await OwnServer(on: disk, settings)
        do {
            try await server.start()
            let result = try await body(server)
            try await server.end()
            return result
        } catch {
            // What went wrong with the test says more than a failure to end.
            try? await server.end()
            throw error
        }
    }

    private init(on disk: Disk, _ settings: [String]) async throws {
        folder = try ServerFolder()
        run = try await folder.makePrivateFolder("run")
        data = try await folder.makePrivateFolder("data")
        self.settings = settings
        if case .small(let bytes, let withLog) = disk {
            self.disk = try await SmallDisk(at: data, bytes: bytes)
            logFolder = withLog ? nil : try await folder.makePrivateFolder("wal")
        } else {
            self.disk = nil
            logFolder = nil
        }
        do {
            try await makeData()
        } catch {
            try await self.disk?.unmount()
            throw error
        }
    }

    private func makeData() async throws {
        var command = [
            Self.program("initdb"), "-D", data.path, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions",
        ]
        // Where the disk is small, so are the pieces of the log.
        if disk != nil { command.append("--wal-segsize=1") }
        if let logFolder { command += ["--waldir", logFolder.path] }
        try await StartedProgram.run(ServerUser.command(command))
    }

    /// The URL of a database, for a superuser.
    public func url(of database: String = "postgres") -> String {
        "postgresql://postgres@/\(database)?host=\(run.path)"
    }

    /// The same through a proxy.
    public func url(of database: String = "postgres", through proxy: LoopbackProxy) -> String {
        "postgresql://postgres@127.0.0.1:\(proxy.port)/\(database)"
    }

    /// The socket at which it listens.
    public var socket: String { run.path + "/.s.PGSQL.5432" }

    /// What it has written down.
    public var log: String { (try? String(contentsOf: folder["log"], encoding: .utf8)) ?? "" }

    /// Whether its first process runs.
    public var isRunning: Bool { program.withLock { $0?.isRunning ?? false } }

    /// Starts it, and returns when it takes connections.
    public func start() async throws {
        let always = ["listen_addresses=", "fsync=on", "synchronous_commit=on", "shared_buffers=16MB"]
        let started = try await StartedProgram(
            ServerUser.command(
                [Self.program("postgres"), "-D", data.path, "-k", run.path]
                    + (always + settings).flatMap { ["-c", $0] }),
            log: folder["log"], signalAtEnd: "INT")
        program.withLock { $0 = started }
        try await eventually("the start of PostgreSQL") {
            guard started.isRunning else { throw ProgramFailure(command: ["postgres"], output: log) }
            return isReady(started.pid)
        }
    }

    /// Ends all of its processes with `SIGKILL`: nobody says goodbye to anybody.
    public func kill() async throws {
        try await program.withLock { $0 }?.killAll()
    }

    /// Has the first process end the others, as at the machine's shutdown.
    public func stop() async {
        let running = program.withLock { $0 }
        running?.signal(SIGINT)
        await running?.end()
    }

    /// Takes all of the room that is left on its small disk, but for so many bytes.
    public func fillDisk(except bytes: Int) throws {
        try disk?.fill(except: bytes)
    }

    /// Gives that room back.
    public func emptyDisk() throws {
        try disk?.empty()
    }

    private func end() async throws {
        try await kill()
        try await disk?.unmount()
    }

    /// The first process writes down how far it is, in the eighth line.
    private func isReady(_ pid: Int32) -> Bool {
        guard let text = try? String(contentsOf: data.appendingPathComponent("postmaster.pid"), encoding: .utf8) else {
            return false
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 7 && lines[0] == String(pid) && lines[7].hasPrefix("ready")
    }

    private static func program(_ name: String) -> String { (programs ?? "") + "/" + name }
}

extension OwnServer {
    /// Opens a client, of which the log goes nowhere.
    public static func open(_ url: String, _ configuration: DatabaseConfiguration) async throws -> Database {
        try await Database.postgres(
            url, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, configuration: configuration)
    }
}
