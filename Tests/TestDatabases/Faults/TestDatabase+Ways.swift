internal import Foundation

/// The ways to a database that lead over something of the test's.
extension TestDatabase {
    /// Its name on the server.
    public var nameOnServer: String { String(parts.path.dropFirst()) }

    /// The server's end, for a proxy.
    public var target: LoopbackProxy.Target {
        if let folder = parts.queryItems?.first(where: { $0.name == "host" })?.value {
            return .socket(folder + "/.s.PGSQL.5432")
        }
        return .port(UInt16(parts.port ?? 5432))
    }

    /// Its URL through a proxy.
    public func url(through proxy: LoopbackProxy) -> String {
        var parts = parts
        parts.host = "127.0.0.1"
        parts.port = Int(proxy.port)
        parts.queryItems?.removeAll { $0.name == "host" }
        return parts.string ?? ""
    }

    private var parts: URLComponents { URLComponents(string: url ?? "") ?? URLComponents() }
}
