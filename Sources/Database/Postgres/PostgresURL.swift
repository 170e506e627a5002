/// Looks a connection string over before libpq does: libpq's own messages quote the string, with the password in it.
struct PostgresURL {
    /// What libpq is to read: the string without the parameters that other programs put there.
    private(set) var text: String
    /// The parameters that libpq does not know and that are known to be harmless, without values.
    private(set) var ignored: [String] = []
    /// What `pgbouncer=` says.
    private(set) var isBehindPooler = false
    /// Whether the password has been read: what follows and looks like a parameter may be a part of it.
    private var hasPassedPassword = false

    /// Parameters of Prisma and of hosts of PostgreSQL. The pool has settings of its own for what they ask.
    private static let foreign: Set<String> = [
        "connection_limit", "pool_timeout", "pool_mode", "statement_cache_size", "socket_timeout", "supa", "workaround",
    ]

    /// - Parameter known: the names of libpq's own parameters.
    /// - Throws: `DatabaseError` of kind `cannotOpen`, which names the parameter and never quotes the string.
    init(_ text: String, known: Set<String>) throws {
        let text = text.trimming { $0.isWhitespace || $0.isNewline }
        self.text = text
        guard !text.isEmpty else { throw Self.malformed("it is empty") }
        guard !text.utf8.contains(0) else { throw Self.malformed("it contains a NUL character") }
        if let scheme = ["postgres://", "postgresql://"].first(where: { text.hasPrefix($0) }) {
            try readURL(scheme, known)
        } else if let mark = text.firstRange(of: "://"), text[..<mark.lowerBound].allSatisfy(\.isLetter) {
            throw Self.malformed("it must begin with postgres:// or postgresql://")
        } else {
            try readPairs(known)
        }
    }

    static func malformed(_ reason: String) -> DatabaseError {
        DatabaseError(.cannotOpen, "The URL of the database can't be understood: \(reason).")
    }

    // MARK: - postgres://user:password@host:port/database?name=value

    private mutating func readURL(_ scheme: String, _ known: Set<String>) throws {
        let rest = text.dropFirst(scheme.count)
        try Self.checkUserInfo(rest)
        try Self.checkPercentEncoding(rest)
        // As libpq does: the user and the password end at the first "@", if it comes before any "/".
        let credentials = rest.prefix { $0 != "@" && $0 != "/" }
        let afterCredentials =
            credentials.endIndex < rest.endIndex && rest[credentials.endIndex] == "@"
            ? rest[rest.index(after: credentials.endIndex)...] : rest
        guard let mark = afterCredentials.firstIndex(of: "?") else { return }
        var kept: [Substring] = []
        for pair in afterCredentials[afterCredentials.index(after: mark)...].split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            guard pair.contains("=") else { throw Self.malformed("the parameter\(quoted(name)) has no value") }
            // libpq reads `ssl=true` as `sslmode=require`.
            guard name != "ssl" else { kept.append(pair); continue }
            if try keeps(name, value: pair.dropFirst(name.count + 1), known) { kept.append(pair) }
        }
        text = String(text[..<mark]) + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    /// A password with a bare "@", "/" or "?" is read as host, port or database, and would show up in messages.
    private static func checkUserInfo(_ rest: Substring) throws {
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let others = rest[authority.endIndex...]
        let marks = authority.count { $0 == "@" }
        let isSplit = others.contains("@") && authority.contains(":")
        let path = others.prefix { $0 != "?" }
        guard marks <= 1, !isSplit, !path.contains("@") else {
            throw malformed("encode the characters @ : / ? # % of the password, as in %40 for @")
        }
        let host = marks == 1 ? authority.drop { $0 != "@" }.dropFirst() : authority
        for part in host.split(separator: ",", omittingEmptySubsequences: false) {
            try checkHostAndPort(part)
        }
    }

    private static func checkHostAndPort(_ part: Substring) throws {
        var port = part.drop { $0 != ":" }
        if part.hasPrefix("[") {
            guard let end = part.firstIndex(of: "]") else { throw malformed("a host has [ without ]") }
            port = part[part.index(after: end)...]
        }
        guard !port.isEmpty else { return }
        guard port.hasPrefix(":"), port.dropFirst().isEmpty || UInt16(port.dropFirst()) != nil else {
            throw malformed("the port is not a number from 1 to 65535, or the password has a character to encode")
        }
    }

    private static func checkPercentEncoding(_ rest: Substring) throws {
        var remaining = rest.utf8[...]
        while let percent = remaining.firstIndex(of: UInt8(ascii: "%")) {
            let digits = remaining[percent...].dropFirst().prefix(2)
            let isHex = digits.count == 2 && digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            guard isHex else { throw malformed("a % is not followed by two hexadecimal digits: write % as %25") }
            guard Array(digits) != Array("00".utf8) else { throw malformed("%00 is not allowed") }
            remaining = remaining[percent...].dropFirst(3)
        }
    }

    // MARK: - name=value name='value'

    private mutating func readPairs(_ known: Set<String>) throws {
        var kept: [String] = []
        var rest = text[...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0.isNewline }
            guard !rest.isEmpty else { break }
            let start = rest
            let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
            rest = rest[name.endIndex...].drop { $0.isWhitespace }
            guard rest.first == "=" else { throw Self.malformed("it is neither a URL nor a list of name=value") }
            rest = rest.dropFirst().drop { $0.isWhitespace }
            let value = try Self.takeValue(&rest)
            if try keeps(name, value: value[...], known) { kept.append(String(start[..<rest.startIndex])) }
        }
        text = kept.joined(separator: " ")
    }

    /// The value at the front: bare, or in single quotes; a backslash takes the next character as it is.
    private static func takeValue(_ rest: inout Substring) throws -> String {
        let isQuoted = rest.first == "'"
        if isQuoted { rest = rest.dropFirst() }
        var value = ""
        while let character = rest.first {
            rest = rest.dropFirst()
            switch character {
            case "'" where isQuoted: return value
            case "\\":
                guard let next = rest.first else { break }
                value.append(next)
                rest = rest.dropFirst()
            case _ where !isQuoted && character.isWhitespace: return value
            default: value.append(character)
            }
        }
        if isQuoted { throw malformed("a quoted value has no end") }
        return value
    }

    // MARK: - Parameters

    /// Whether the parameter is libpq's own; takes note of those that are known but not libpq's.
    private mutating func keeps(_ name: Substring, value: Substring, _ known: Set<String>) throws -> Bool {
        if known.contains(String(name)) {
            if name.hasSuffix("password") { hasPassedPassword = true }
            return true
        }
        if name == "pgbouncer" {
            guard let flag = ["true": true, "1": true, "false": false, "0": false][value.lowercased()] else {
                throw Self.malformed("pgbouncer must be true or false")
            }
            isBehindPooler = flag
            return false
        }
        guard Self.foreign.contains(String(name)) else {
            throw Self.malformed("the parameter\(quoted(name)) is not known to this version of libpq")
        }
        ignored.append(String(name))
        return false
    }

    /// The name for a message, unless it looks like anything but a name: it may be a part of a password then.
    private func quoted(_ name: Substring) -> String {
        let isName = !name.isEmpty && name.count <= 40 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") }
        return isName && !hasPassedPassword ? " \"\(name)\"" : ""
    }
}

extension String {
    fileprivate func trimming(_ isUnwanted: (Character) -> Bool) -> String {
        let front = drop(while: isUnwanted)
        guard let last = front.lastIndex(where: { !isUnwanted($0) }) else { return "" }
        return String(front[...last])
    }
}
