/// An http address taken apart, strictly: what browsers repair is refused, because two programs that repair differently
/// see two hosts in one address.
struct WebAddress: Sendable, Equatable {
    /// What is wrong with it.
    enum Problem: Error, Equatable {
        /// Not http or https.
        case scheme(String)
        /// A name or password before the host.
        case userInfo
        case port(String)
        /// None, or one with characters that no host has; names in other scripts are among them.
        case host(String)
    }

    /// `http` or `https`.
    var scheme: String
    /// In small letters; an IPv6 address in its brackets.
    var host: String
    /// Nil for the scheme's own.
    var port: Int?
    /// From its `/` on, still encoded; empty where there is none.
    var path: Substring
    /// Without its `?`.
    var query: Substring
    /// Without its `#`.
    var fragment: Substring

    /// - Parameters:
    ///   - text: Without blanks and control characters: that is for the caller to see to.
    ///   - defaultScheme: Of an address without one; nil where there has to be one.
    init(_ text: String, defaultScheme: String? = nil) throws(Problem) {
        var rest = text[...]
        scheme = try Self.takeScheme(&rest) ?? defaultScheme ?? ""
        guard scheme == "http" || scheme == "https" else { throw .scheme(scheme) }
        let authority = rest.prefix { !"/?#".contains($0) }
        rest = rest[authority.endIndex...]
        (host, port) = try Self.hostAndPort(authority)
        if port == (scheme == "https" ? 443 : 80) { port = nil }

        fragment = Self.cut(&rest, at: "#")
        query = Self.cut(&rest, at: "?")
        path = rest
    }

    /// Removes everything from `mark` on; the part behind `mark`.
    private static func cut(_ text: inout Substring, at mark: Character) -> Substring {
        guard let index = text.firstIndex(of: mark) else { return "" }
        defer { text = text[..<index] }
        return text[text.index(after: index)...]
    }

    /// Removes scheme and slashes; nil where there is no scheme.
    private static func takeScheme(_ text: inout Substring) throws(Problem) -> String? {
        if text.hasPrefix("//") {
            text = text.dropFirst(2)
            return nil
        }
        let head = text.prefix { !"/?#".contains($0) }
        guard let colon = head.firstIndex(of: ":") else { return nil }
        let name = head[..<colon].lowercased()
        let tail = text[text.index(after: colon)...]
        if tail.hasPrefix("//") {
            text = tail.dropFirst(2)
            return name
        }
        let port = head[head.index(after: colon)...]
        // `host:8080/…` has no scheme; `javascript:…` has no host. A user's name is refused with the host.
        if head.contains("@") || (!port.isEmpty && port.allSatisfy(\.isNumber)) { return nil }
        throw .scheme(name)
    }

    private static func hostAndPort(_ authority: Substring) throws(Problem) -> (String, Int?) {
        guard !authority.contains("@") else { throw .userInfo }
        let isIPv6 = authority.hasPrefix("[")
        let end =
            isIPv6
            ? authority.firstIndex(of: "]").map(authority.index(after:)) ?? authority.endIndex
            : authority.firstIndex(of: ":") ?? authority.endIndex
        let host = authority[..<end].lowercased()
        guard isHost(host, isIPv6) else { throw .host(String(authority[..<end])) }
        let rest = authority[end...]
        if rest.isEmpty { return (host, nil) }
        guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0,
            rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .port(String(rest.drop { $0 == ":" })) }
        return (host, Int(port))
    }

    private static func isHost(_ text: String, _ isIPv6: Bool) -> Bool {
        if isIPv6 {
            return text.hasSuffix("]") && text.utf8.count > 3
                && text.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
            }
    }
}
