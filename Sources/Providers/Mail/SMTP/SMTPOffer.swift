/// What a mail server can do, from its reply to EHLO.
struct SMTPOffer: Sendable, Equatable {
    var offersEncryption = false
    /// The ways to log in, in capitals.
    var logins: Set<String> = []
    /// The largest message that is taken, in bytes; nil where the server does not say, or has no limit.
    var maximumBytes: Int?
    /// Whether the size may be told before.
    var takesSize = false

    init(_ reply: SMTPReply) {
        // The first line greets.
        for line in reply.lines.dropFirst() {
            // Some old servers write AUTH=LOGIN.
            let words = line.uppercased().split { $0 == " " || $0 == "=" }
            switch words.first {
            case "STARTTLS": offersEncryption = true
            case "AUTH": logins.formUnion(words.dropFirst().map(String.init))
            case "SIZE":
                takesSize = true
                maximumBytes = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            default: break
            }
        }
    }
}
