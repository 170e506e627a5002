import Database
import TestDatabases
import Testing

private let absence =
    TestEngine.allCases.contains(.postgres)
    ? PgBouncer.absence ?? Certificates.absence : "VIDSIFT_TEST_POSTGRES is not set"

@Suite("TLS to the database", .enabled(if: absence == nil, "\(absence ?? "")"), .timeLimit(.minutes(2)))
struct TLSTests {
    /// How the program connects to a server with a certificate for `localhost`, and what comes of it.
    struct Way: Sendable, CustomTestStringConvertible {
        enum Root: Sendable {
            case right
            case strangers
            case missing
            case none
        }

        var mode: String
        var root: Root
        var host = "localhost"
        /// What the log says of the failure; nil where it works.
        var failure: String?

        var testDescription: String { "sslmode=\(mode), \(root) root, \(host)" }

        static let all = [
            Way(mode: "require", root: .none),
            Way(mode: "prefer", root: .none),
            Way(mode: "require", root: .strangers, failure: "certificate verify failed"),
            Way(mode: "verify-ca", root: .right),
            Way(mode: "verify-ca", root: .right, host: "127.0.0.1"),
            Way(mode: "verify-ca", root: .strangers, failure: "certificate verify failed"),
            Way(mode: "verify-ca", root: .missing, failure: "does not exist"),
            Way(mode: "verify-full", root: .right),
            Way(
                mode: "verify-full", root: .right, host: "127.0.0.1",
                failure: "does not match host name \"127.0.0.1\""),
            Way(mode: "verify-full", root: .strangers, failure: "certificate verify failed"),
            Way(mode: "disable", root: .none, failure: "SSL required"),
        ]
    }

    @Test("sslmode decides which server is trusted; a failure says why, without the password", arguments: Way.all)
    func modes(way: Way) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let certificates = try await Certificates()
        try await PgBouncer.run(.transaction, before: place.url ?? "", certificates: certificates) { pooler in
            let root: String? =
                switch way.root {
                case .right: certificates.root
                case .strangers: certificates.strangersRoot
                case .missing: certificates.root + ".missing"
                case .none: nil
                }
            let parameters = ["sslmode=\(way.mode)"] + (root.map { ["sslrootcert=\($0)"] } ?? [])
            let url = pooler.url(of: place.nameOnServer, host: way.host, parameters)

            let error = await databaseError {
                let database = try await OwnServer.open(url, .init())
                #expect(try await database.value("SELECT 1") == 1)
                try await database.close()
            }

            guard let failure = way.failure else {
                #expect(error == nil, "\(error?.debugDescription ?? "")")
                return
            }
            let log = try #require(error?.debugDescription)
            #expect(log.contains(failure), "\(log)")
            #expect(error?.description.contains("\(place.nameOnServer)\" on \(way.host)") == true)
            #expect(!log.contains(PgBouncer.password))
        }
    }

    @Test("what goes over the network can be read without TLS, and can't be with it", arguments: [false, true])
    func encrypted(isEncrypted: Bool) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let certificates = isEncrypted ? try await Certificates() : nil
        try await PgBouncer.run(.session, before: place.url ?? "", certificates: certificates) { pooler in
            try await LoopbackProxy.run(to: pooler.target) { proxy in
                proxy.watch(for: "nobody shall read this")
                let database = try await OwnServer.open(
                    pooler.url(of: place.nameOnServer, port: proxy.port, ["sslmode=prefer"]), .init(pooler: .session))
                #expect(try await database.value("SELECT \("nobody shall read this")") == "nobody shall read this")
                #expect(proxy.hasSeenWords == !isEncrypted)
                try await database.close()
            }
        }
    }

    @Test("a long statement is stopped, and a bulk insert goes, over TLS")
    func work() async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let certificates = try await Certificates()
        try await PgBouncer.run(.session, before: place.url ?? "", certificates: certificates) { pooler in
            let url = pooler.url(
                of: place.nameOnServer, host: "localhost", ["sslmode=verify-full", "sslrootcert=\(certificates.root)"])
            let database = try await OwnServer.open(url, .init(pooler: .session))
            try await DriverTour(database: database).run()
            try await database.close()
        }
    }
}
