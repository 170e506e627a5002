import Database
import Foundation
import TestDatabases
import Testing

/// A library on one engine, with the program that uses it and a look into its queue.
final class QueueLibrary: Sendable {
    /// The video that the jobs of the tests are about; there is none of that id.
    static let subject = "01900000-0000-7000-8000-0000000000aa"

    let vidsift: Vidsift
    private let place: TestDatabase?
    private let environment: [String: String]

    init(_ engine: TestEngine) async throws {
        vidsift = try Vidsift()
        place = engine == .postgres ? try await engine.makeDatabase() : nil
        environment = place?.url.map { ["DATABASE_URL": $0, "DATA_DIR": ""] } ?? [:]
        try #require(try await run("list").status == 0)
    }

    @discardableResult
    func run(_ arguments: String...) async throws -> Vidsift.Result {
        try await launch(Vidsift.binary, arguments).end()
    }

    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> Running {
        try launch(Vidsift.binary, arguments, environment)
    }

    /// Starts the program with both outputs in one.
    func startInOne(_ command: String) throws -> Running {
        try launch(URL(fileURLWithPath: "/bin/bash"), ["-c", "exec \"$VIDSIFT\" \(command) 2>&1"])
    }

    private func launch(
        _ program: URL, _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> Running {
        let usual = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": vidsift.folder.path,
            "DATA_DIR": vidsift.data.path, "VIDSIFT_EMBEDDING_DIR": vidsift.modelFolder,
            "VIDSIFT": Vidsift.binary.path,
        ]
        let merged = usual.merging(self.environment) { $1 }.merging(environment) { $1 }
        return try Running(program, arguments, merged, in: vidsift.folder)
    }

    /// Opens the library's database for the time of the closure.
    func look<T: Sendable>(_ body: (Database) async throws -> T) async throws -> T {
        let database =
            if let place { try await place.open() } else {
                try await Database.sqlite(at: vidsift.data.appending(path: "vidsift.sqlite").path)
            }
        let result = try await body(database)
        try await database.close()
        return result
    }

    /// The states of the index jobs that have not ended.
    func states() async throws -> [String] {
        try await look {
            try await $0.values("SELECT state FROM jobs WHERE kind = 'index_video' ORDER BY state", as: String.self)
        }
    }

    /// How many say that they work.
    func workers() async throws -> Int {
        try await look { try await $0.value("SELECT count(*) FROM workers", as: Int.self) ?? 0 }
    }

    /// Puts a job into the archive that was given up.
    ///
    /// - Returns: its id.
    @discardableResult
    func addBuried(_ reason: String, subject: String = subject) async throws -> String {
        let id = UUID().uuidString.lowercased()
        let payload = "{\"video\":\"\(subject)\"}"
        try await look { database in
            try await database.execute(
                """
                INSERT INTO job_archive (id, kind, version, subject, payload, requester, priority, state, attempts,
                    max_attempts, fence, last_error, created_at, started_at, finished_at)
                VALUES (\(id), 'index_video', 1, \(subject), \(payload), '', 1, 'buried', 2, 3, 2, \(reason), now(),
                    now(), now())
                """)
            try await database.execute(
                """
                INSERT INTO job_attempts (job_id, fence, worker, started_at, ended_at, outcome, error)
                VALUES (\(id), 2, 'somebody', now(), now(), 'buried', \(reason))
                """)
        }
        return id
    }
}

/// An embedding endpoint on loopback that takes connections and never answers.
final class SilentServer: Sendable {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        try #require(isListening)
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// What makes the program ask it.
    var environment: [String: String] {
        ["EMBEDDING_BASE_URL": "http://127.0.0.1:\(port)/v1", "EMBEDDING_API_KEY": "none", "EMBEDDING_MODEL": ""]
    }
}
