internal import Foundation

/// Where a mail server is and how one logs in there, as `SMTP_URL` says it.
public struct SMTPServer: Sendable, Equatable {
    /// When the connection is encrypted.
    public enum Encryption: Sendable, Hashable {
        /// From the first byte (`smtps://`).
        case fromStart
        /// By STARTTLS; a server that does not offer it gets no mail.
        case required
        /// By STARTTLS where the server offers it.
        case optional
        /// Never.
        case never
    }

    /// A login.
    public struct Credentials: Sendable, Equatable {
        /// The user's name.
        public var user: String
        /// The password.
        public var password: Secret

        /// Creates a login.
        public init(user: String, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    /// A host name in ASCII, or an address; that of IPv6 without brackets.
    public let host: String
    /// The port.
    public let port: Int
    /// When the connection is encrypted.
    public let encryption: Encryption
    /// The login, if there is one.
    public let credentials: Credentials?

    /// Reads `smtp://user:password@host:587?starttls=required|optional|never` or `smtps://user:password@host:465`.
    ///
    /// The ports given here are the ones taken where there is none. Without `starttls` it is required, but for a server
    /// on this machine it is `never`: there is nothing between to hide from. Special characters of the user's name and
    /// the password are percent-encoded.
    ///
    /// - Throws: ``MailError`` of kind `invalidSettings`, which never quotes the URL.
    public init(url: String) throws {
        let isPrintable = url.utf8.allSatisfy { $0 > 32 && $0 != 127 }
        guard isPrintable, let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased() else {
            throw Self.malformed(
                "it is not a URL (of a user's name and a password, characters like @ : / ? # % are percent-encoded)")
        }
        guard ["smtp", "smtps"].contains(scheme) else {
            throw Self.malformed("it begins with neither smtp:// nor smtps://")
        }
        guard ["", "/"].contains(parts.path), parts.fragment == nil else {
            throw Self.malformed("there is something behind the host")
        }
        host = try Self.host(of: parts)
        port = parts.port ?? (scheme == "smtps" ? 465 : 587)
        guard (1...65_535).contains(port) else { throw Self.malformed("the port is not a number from 1 to 65535") }
        let isNear = host == "localhost" || IPAddress(host)?.range == .loopback
        encryption = try Self.encryption(parts, isImplicit: scheme == "smtps", isNear: isNear)
        credentials = try Self.credentials(of: parts)
        guard credentials == nil || encryption != .never || isNear else {
            throw Self.malformed("with starttls=never a password would be sent unencrypted to another machine")
        }
    }

    private static func host(of parts: URLComponents) throws -> String {
        guard var host = parts.encodedHost, !host.isEmpty else { throw malformed("there is no host") }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard IPAddress(host) != nil || DomainName.hasHostLabels(host) else {
            throw malformed("the host is not a name")
        }
        return host.lowercased()
    }

    private static func encryption(_ parts: URLComponents, isImplicit: Bool, isNear: Bool) throws -> Encryption {
        var encryption = isImplicit ? Encryption.fromStart : isNear ? .never : .required
        for item in parts.queryItems ?? [] {
            guard item.name == "starttls" else { throw malformed("the only parameter that it may have is starttls") }
            guard !isImplicit else { throw malformed("smtps:// is encrypted from the start and has no starttls") }
            switch item.value {
            case "required": encryption = .required
            case "optional": encryption = .optional
            case "never": encryption = .never
            default: throw malformed("starttls is none of required, optional, never")
            }
        }
        return encryption
    }

    private static func credentials(of parts: URLComponents) throws -> Credentials? {
        guard let user = parts.user, !user.isEmpty else {
            guard parts.password == nil else { throw malformed("there is a password without a user's name") }
            return nil
        }
        guard let password = parts.password, !password.isEmpty else {
            throw malformed("there is a user's name without a password")
        }
        guard !(user + password).utf8.contains(0) else { throw malformed("the login has a NUL in it") }
        return Credentials(user: user, password: Secret(password))
    }

    private static func malformed(_ reason: String) -> MailError {
        MailError(.invalidSettings, "The URL of the mail server can't be understood: \(reason).")
    }
}
