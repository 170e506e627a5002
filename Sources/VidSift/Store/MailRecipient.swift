package import Database
package import Foundation

/// Somebody who is told by mail how something has ended.
package struct MailRecipient: Sendable, Hashable, Identifiable {
    package var id: Identifier<MailRecipient>
    /// As it was first written; capitals make no other address.
    package var address: String
    /// Stands in the links that end his mail: whoever has it is he, or has his mail.
    package var token: String
    /// Since when he wants none.
    package var refusedAt: Date?
}

extension MailRecipient: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        address = try row.decode("address")
        token = try row.decode("token")
        refusedAt = try row.decode("refused_at")
    }
}

extension MailRecipient {
    private static let columns: SQL = "id, address, token, refused_at"

    package static func get(_ id: Identifier<MailRecipient>, on db: some SQLRunner) async throws -> MailRecipient? {
        try await db.first("SELECT \(columns) FROM mail_recipients WHERE id = \(id)", as: MailRecipient.self)
    }

    /// Whoever has the links with that token.
    package static func find(token: String, on db: some SQLRunner) async throws -> MailRecipient? {
        try await db.first("SELECT \(columns) FROM mail_recipients WHERE token = \(token)", as: MailRecipient.self)
    }

    /// Whoever has that address, written down where he is new.
    package static func ensure(_ address: String, on tx: some SQLRunner) async throws -> MailRecipient {
        try await tx.execute(
            """
            INSERT INTO mail_recipients (id, address, token, created_at)
            VALUES (\(Identifier<MailRecipient>()), \(address), \(newToken()), now())
            ON CONFLICT (lower(address)) DO NOTHING
            """)
        let known = try await tx.first(
            "SELECT \(columns) FROM mail_recipients WHERE lower(address) = lower(\(address))", as: MailRecipient.self)
        guard let known else { throw RecipientVanished() }
        return known
    }

    /// Writes down whether he wants mail; nobody where the token is not known.
    package static func set(
        wantsMail: Bool, token: String, on db: some SQLRunner
    ) async throws -> MailRecipient? {
        let refusedAt: SQL = wantsMail ? "NULL" : "coalesce(refused_at, now())"
        try await db.execute("UPDATE mail_recipients SET refused_at = \(refusedAt) WHERE token = \(token)")
        return try await find(token: token, on: db)
    }

    /// 128 bits that nobody can guess, as letters and digits.
    private static func newToken() -> String {
        var source = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max, using: &source), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// Somebody who was removed at the moment he was written down.
struct RecipientVanished: Error, CustomStringConvertible {
    var description: String { "The address was removed meanwhile." }
}
