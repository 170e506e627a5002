import Database
import Foundation

@testable import VidSift

/// Those who are told by mail in a large library, and the statements that are about them all day.
enum LargeNotices {
    static func fill(_ db: Database) async throws {
        let now = Date().sqlValue
        try await db.insert(
            into: "mail_recipients", columns: ["id", "address", "token", "refused_at", "created_at"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                [
                    recipient(number).sqlValue, address(number).sqlValue, token(number).sqlValue,
                    number.isMultiple(of: 10) ? now : .null, now,
                ]
            })
    }

    static func runStatements(on db: some SQLRunner) async throws {
        _ = try await MailRecipient.get(recipient(7), on: db)
        for token in [token(7), "of nobody at all, or forged"] {
            _ = try await MailRecipient.find(token: token, on: db)
            for wantsMail in [false, true] {
                _ = try await MailRecipient.set(wantsMail: wantsMail, token: token, on: db)
            }
        }
        for address in [address(7).uppercased(), "new@example.com"] {
            _ = try await MailRecipient.ensure(address, on: db)
        }
    }

    private static func recipient(_ number: Int) -> Identifier<MailRecipient> { LargeLibrary.id(9, number) }
    private static func address(_ number: Int) -> String { "Reader-\(number)@example.com" }
    private static func token(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
