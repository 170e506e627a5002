internal import Foundation

/// An address that mail can be sent to, as far as can be told by looking at it: `local@domain`.
///
/// Taken are the addresses that people really have: a dot-atom before the `@`, a domain with a dot (or `localhost`)
/// behind it. Domains in other scripts are turned into their ASCII form. Refused with a reason are quoted local parts,
/// address literals, and local parts outside ASCII, which need an extension of mail (SMTPUTF8) that is not spoken here.
public struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    /// What stands before the `@`, as it was written.
    public let local: String
    /// The domain in ASCII and lower case.
    public let domain: String

    static let maximumBytes = 254
    static let maximumLocalBytes = 64
    static let maximumDomainBytes = 253
    static let maximumLabelBytes = 63

    /// Reads an address; spaces around it are not part of it.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage` that says what is wrong, without quoting the address.
    public init(_ text: String) throws {
        let address = MailSyntax.trimmed(text[...])
        guard address.utf8.count <= Self.maximumBytes * 4, let at = address.lastIndex(of: "@") else {
            throw MailError.invalidMessage("A mail address has a name, an @ and a domain.")
        }
        let domain = try Self.asciiDomain(String(address[address.index(after: at)...]))
        try Self.check(local: address[..<at])
        self.local = String(address[..<at])
        self.domain = domain
        guard local.utf8.count + 1 + domain.utf8.count <= Self.maximumBytes else {
            throw MailError.invalidMessage("A mail address has at most \(Self.maximumBytes) characters.")
        }
    }

    /// `local@domain`.
    public var description: String { "\(local)@\(domain)" }

    private static func check(local: Substring) throws {
        guard local.utf8.allSatisfy({ $0 < 128 }) else {
            throw MailError.invalidMessage("Mail addresses with letters outside ASCII before the @ are not supported.")
        }
        guard (1...maximumLocalBytes).contains(local.utf8.count) else {
            throw MailError.invalidMessage("A mail address has 1 to \(maximumLocalBytes) characters before the @.")
        }
        guard local.first != "\"" else {
            throw MailError.invalidMessage("Mail addresses in quotation marks are not supported.")
        }
        guard
            local.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                .allSatisfy({ !$0.isEmpty && $0.allSatisfy(MailSyntax.isAtom) })
        else { throw MailError.invalidMessage("There is a character before the @ that no mail address has there.") }
    }

    /// `domain` in ASCII and lower case.
    static func asciiDomain(_ domain: String) throws -> String {
        guard domain.first != "[" else {
            throw MailError.invalidMessage("Mail addresses with a number in place of a domain are not supported.")
        }
        guard let ascii = DomainName.ascii(domain), DomainName.hasHostLabels(ascii) else {
            throw MailError.invalidMessage("What stands behind the @ is not a domain.")
        }
        let labels = ascii.split(separator: ".")
        guard labels.count > 1 || ascii == "localhost" else {
            throw MailError.invalidMessage("The domain behind the @ is not complete.")
        }
        guard labels.last?.contains(where: \.isLetter) == true else {
            throw MailError.invalidMessage("What stands behind the @ is a number, not a domain.")
        }
        return ascii
    }
}

/// Names of the domain system.
enum DomainName {
    /// `domain` in ASCII and lower case (by the rules of internationalised domain names); nil when it can't be a
    /// domain.
    static func ascii(_ domain: String) -> String? {
        let isASCII = domain.utf8.allSatisfy { $0 < 128 }
        let longest = MailAddress.maximumDomainBytes * (isASCII ? 1 : 4)
        guard !domain.isEmpty, domain.utf8.count <= longest else { return nil }
        guard !isASCII else { return domain.lowercased() }
        var components = URLComponents()
        components.scheme = "https"
        components.host = domain
        guard let ascii = components.encodedHost, ascii.utf8.count <= MailAddress.maximumDomainBytes else { return nil }
        return ascii.lowercased()
    }

    /// Whether each part between the dots has 1 to 63 letters, digits and inner hyphens.
    static func hasHostLabels(_ domain: String) -> Bool {
        guard domain.utf8.count <= MailAddress.maximumDomainBytes else { return false }
        let hyphen = UInt8(ascii: "-")
        return domain.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            (1...MailAddress.maximumLabelBytes).contains(label.count) && label.first != hyphen && label.last != hyphen
                && label.allSatisfy { MailSyntax.isAlphanumeric($0) || $0 == hyphen }
        }
    }
}
