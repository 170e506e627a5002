internal import Crypto
internal import Foundation

/// What tells one source from another: its bytes, and what was said about them.
struct SourceChecksum {
    private var hash = SHA256()

    mutating func update(_ bytes: some DataProtocol) {
        hash.update(data: bytes)
    }

    /// - Returns: SHA-256 as hexadecimal digits.
    func value(title: String?, language: String?) -> String {
        var hash = hash
        hash.update(data: Array("\u{0}\(title ?? "")\u{0}\(language ?? "")".utf8))
        return hash.finalize().hexadecimal
    }
}

extension Digest {
    /// Lower-case hexadecimal digits.
    var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
