internal import CPostgres
internal import Foundation

/// Where a PostgreSQL server is and how to log in: a connection string in any form that libpq knows.
///
/// Its descriptions name the server, the database and the user, never the password.
struct PostgresConnectionParameters: Sendable {
    /// The parameters for libpq, by name.
    private let values: [String: String]
    /// Whether the URL says that a pooler stands before the server (`pgbouncer=true`).
    let isBehindPooler: Bool
    /// The names of parameters of other programs, which have no effect here.
    let ignored: [String]

    /// - Parameters:
    ///   - text: `postgres://…`, `postgresql://…` or `name=value …`.
    ///   - connectTimeout: how long connecting to one address may take, unless the text says so itself.
    /// - Throws: `DatabaseError` of kind `cannotOpen`. It never quotes the text.
    init(_ text: String, connectTimeout: Duration) throws {
        let url = try PostgresURL(text, known: Self.knownNames)
        isBehindPooler = url.isBehindPooler
        ignored = url.ignored
        var values = try Self.parse(url.text)
        try Self.check(values)
        for (name, value) in Self.defaults(connectTimeout) where values[name] == nil { values[name] = value }
        // Texts are decoded as UTF-8, whatever the URL or the environment says.
        values["client_encoding"] = "UTF8"
        self.values = values
    }

    /// How long connecting may take.
    var connectTimeout: Duration {
        let seconds = values["connect_timeout"].flatMap { Int($0) } ?? 0
        return seconds > 0 ? .seconds(seconds) : .seconds(24 * 3_600)
    }

    /// Begins to connect, without blocking except for looking up the host's name.
    func startConnecting() -> OpaquePointer? {
        let pairs = values.sorted { $0.key < $1.key }
        let names = pairs.map { strdup($0.key) }
        let texts = pairs.map { strdup($0.value) }
        defer { (names + texts).forEach { free($0) } }
        let namePointers = names.map { UnsafePointer($0) } + [nil]
        let textPointers = texts.map { UnsafePointer($0) } + [nil]
        return PQconnectStartParams(namePointers, textPointers, 0)
    }

    // MARK: - Reading

    private static func defaults(_ connectTimeout: Duration) -> [String: String] {
        [
            "connect_timeout": String(max(1, connectTimeout.components.seconds)),
            "fallback_application_name": "vidsift",
            "keepalives_idle": String(PostgresLimits.keepaliveIdle),
            "keepalives_interval": String(PostgresLimits.keepaliveInterval),
            "keepalives_count": String(PostgresLimits.keepaliveCount),
            "tcp_user_timeout": String(PostgresLimits.unacknowledged),
        ]
    }

    /// The names of libpq's parameters; which there are depends on its version.
    private static let knownNames: Set<String> = {
        guard let options = PQconndefaults() else { return [] }
        defer { PQconninfoFree(options) }
        return Set(pairs(options).map(\.name))
    }()

    private static func parse(_ text: String) throws -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            // The message quotes the text, so it is not looked at.
            PQfreemem(message)
            throw PostgresURL.malformed("it is neither a URL as libpq reads it nor a list of name=value")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        for pair in pairs(options) { values[pair.name] = pair.value }
        return values
    }

    private static func pairs(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [(name: String, value: String?)] {
        var pairs: [(name: String, value: String?)] = []
        var option = options
        while let name = option.pointee.keyword {
            pairs.append((String(cString: name), option.pointee.val.map { String(cString: $0) }))
            option += 1
        }
        return pairs
    }

    /// Checks whatever libpq would quote in a message of its own.
    private static func check(_ values: [String: String]) throws {
        for port in values["port", default: ""].split(separator: ",") where UInt16(port) == nil || UInt16(port) == 0 {
            throw PostgresURL.malformed("the port is not a number from 1 to 65535")
        }
        for name in ["connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"] {
            guard let value = values[name] else { continue }
            guard Int(value) != nil else { throw PostgresURL.malformed("\(name) is not a number") }
        }
        let modes: Set = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
        if let mode = values["sslmode"], !modes.contains(mode) {
            throw PostgresURL.malformed("sslmode is none of \(modes.sorted().joined(separator: ", "))")
        }
    }
}

extension PostgresConnectionParameters: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The database, the server and the user.
    var description: String {
        let host = values["host"] ?? values["hostaddr"] ?? "the default host"
        let port = values["port"].map { ":\($0)" } ?? ""
        let database = values["dbname"].map { "database \"\($0)\"" } ?? "the default database"
        let user = values["user"].map { " as \"\($0)\"" } ?? ""
        let service = values["service"].map { ", service \"\($0)\"" } ?? ""
        return "\(database) on \(host)\(port)\(user)\(service)"
    }

    var debugDescription: String { description }

    /// Nothing: `dump` would show the password.
    var customMirror: Mirror { Mirror(self, children: [("server", description)]) }
}
