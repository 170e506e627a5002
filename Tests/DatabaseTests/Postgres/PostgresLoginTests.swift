import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite(
    "Logging in to a PostgreSQL server", .enabled(if: PostgresServer.isThere, PostgresServer.missing))
struct PostgresLoginTests {
    @Test(
        "a login that is refused can't be tried again, and says where it was",
        arguments: [("dbname", "3D000"), ("user", "28000")])
    func refused(parameter: String, state: String) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let url = try #require(place.url)
        let error = await databaseError {
            _ = try await Database.postgres(
                url + (url.contains("?") ? "&" : "?") + "\(parameter)=kuckuck")
        }
        #expect(error?.kind == .cannotOpen)
        #expect(error?.sqlState == state)
        #expect(error?.isRetryable == false)
        #expect(error?.description.contains("refuses the login, or does not exist") == true)
        #expect(error?.description.contains("\"kuckuck\"") == true)
        withExtendedLifetime(place) {}
    }

    @Test("a service file names the server")
    func serviceFile() async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let text = try #require(place.url)
        let url = try #require(URLComponents(string: text))
        let host = url.queryItems?.first { $0.name == "host" }?.value ?? url.host ?? "localhost"
        try await withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("services")
            let lines = [
                "[library]", "host=\(host)", "port=\(url.port ?? 5432)", "user=\(url.user ?? "postgres")",
                "dbname=\(url.path.dropFirst())",
            ]
            try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            setenv("PGSERVICEFILE", file.path, 1)
            defer { unsetenv("PGSERVICEFILE") }
            for text in ["service=library", "postgres://?service=library"] {
                let database = try await Database.postgres(text)
                let name = try await database.value("SELECT current_database()", as: String.self)
                #expect(name == String(url.path.dropFirst()))
                try await database.close()
            }
            let error = await databaseError { _ = try await Database.postgres("service=missing") }
            #expect(error?.description.contains("service \"missing\"") == true)
        }
        withExtendedLifetime(place) {}
    }

    @Test("of several hosts the first that answers is taken")
    func severalHosts() async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let text = try #require(place.url)
        let url = try #require(URLComponents(string: text))
        let host = url.queryItems?.first { $0.name == "host" }?.value ?? url.host ?? "localhost"
        let port = url.port ?? 5432
        let database = try await Database.postgres(
            "host=127.0.0.1,\(host) port=1,\(port) user=\(url.user ?? "postgres") dbname=\(url.path.dropFirst())"
        )
        #expect(try await database.value("SELECT 1") == 1)
        try await database.close()
        withExtendedLifetime(place) {}
    }
}
