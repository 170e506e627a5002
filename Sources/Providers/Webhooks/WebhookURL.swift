internal import Foundation

/// Where a webhook goes, in one form that every program reads alike: `http` or `https`, a host, a port, a path.
public struct WebhookURL: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is none.
    public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// A sentence that is safe to show.
        public let description: String
    }

    /// A name in ASCII and lower case, or an address; that of IPv6 without brackets.
    let host: String
    /// The whole URL, put together again from its parts: nothing of it is read in two ways.
    private let text: String

    /// The longest URL, in bytes.
    public static let maximumBytes = 2048

    /// Reads a URL. Where its host is in the network is looked at when something is sent.
    ///
    /// - Throws: ``Refusal``.
    public init(_ url: String) throws {
        guard url.utf8.count <= Self.maximumBytes else {
            throw Refusal(description: "The URL is longer than \(Self.maximumBytes) bytes.")
        }
        guard url.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: url)
        else { throw Refusal(description: "This is not a URL.") }
        guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
            throw Refusal(description: "A webhook's URL begins with http:// or https://.")
        }
        guard parts.user == nil, parts.password == nil else {
            throw Refusal(description: "A webhook's URL has no user's name or password in it.")
        }
        guard parts.fragment == nil else { throw Refusal(description: "A webhook's URL has no part behind a #.") }
        host = try Self.host(parts)
        let port = try parts.port.map { port in
            guard (1...65_535).contains(port) else { throw Refusal(description: "The URL has a port that is none.") }
            return ":\(port)"
        }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        let query = parts.percentEncodedQuery.map { "?" + $0 } ?? ""
        text = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port ?? "")\(path)\(query)"
        // It is by the host that the client finds the address it was given.
        guard URL(string: text)?.host(percentEncoded: true) == host else {
            throw Refusal(description: "The host of the URL is not a name.")
        }
    }

    /// The URL.
    public var description: String { text }

    /// The address that the host is, if it is one.
    var address: IPAddress? { IPAddress(host) }

    private static func host(_ parts: URLComponents) throws -> String {
        guard var host = parts.encodedHost?.lowercased(), !host.isEmpty else {
            throw Refusal(description: "The URL has no host.")
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if let address = IPAddress(host) { return "\(address)" }
        if host.hasSuffix(".") { host.removeLast() }
        guard DomainName.hasHostLabels(host.replacing("_", with: "a")) else {
            throw Refusal(description: "The host of the URL is not a name.")
        }
        // Old programs read these as addresses: 2130706433, 0x7f.1, 127.1.
        guard let last = host.split(separator: ".").last, !last.allSatisfy(\.isNumber), !last.hasPrefix("0x") else {
            throw Refusal(description: "The host of the URL is a number that is not an address.")
        }
        return host
    }
}
