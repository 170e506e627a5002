internal import Crypto
public import Foundation

/// The header by which a receiver knows that a webhook is ours, unchanged and new: `VidSift-Signature:
/// t=1700000000,v1=5f2b…`.
///
/// `v1` is the HMAC-SHA256, in hexadecimal, of the time, a dot and the body's bytes as they are sent. While a secret is
/// replaced by another there is one `v1` for each. The body is what came over the wire: a body that was parsed and
/// written again has other bytes.
public enum WebhookSignature {
    /// The name of the header.
    public static let headerName = "VidSift-Signature"

    /// How far a signature's time may be from the receiver's, by default.
    public static let usualTolerance = Duration.seconds(300)

    /// Why a signature is not taken.
    public enum Fault: Error, Sendable, Hashable {
        /// The header is not of this form.
        case malformed
        /// It is older than the tolerance (or was sent again by somebody).
        case tooOld
        /// It is from the future.
        case tooNew
        /// No secret makes this signature of this body.
        case wrong
    }

    /// No more signatures are looked at.
    private static let maximumSignatures = 16

    /// The header's value for `body`, sent at `time`: signed with each of `secrets`, of which there must be one.
    public static func value(of body: [UInt8], at time: Date, secrets: [Secret]) -> String {
        precondition(!secrets.isEmpty && secrets.allSatisfy { !$0.value.isEmpty }, "a webhook is signed with a secret")
        let stamp = String(Int(time.timeIntervalSince1970.rounded(.down)))
        return (["t=\(stamp)"] + secrets.map { "v1=\(hexadecimal(code(of: body, stamp, $0)))" }).joined(separator: ",")
    }

    /// Checks the header `value` of a webhook with the `body` that came.
    ///
    /// - Throws: ``Fault``.
    public static func verify(
        _ value: String, body: [UInt8], secrets: [Secret], now: Date, tolerance: Duration = usualTolerance
    ) throws {
        let (stamp, seconds, signatures) = try read(value)
        // Compared in constant time, all of them: how long it takes says nothing of how near one came.
        var isRight = false
        for secret in secrets where !secret.value.isEmpty {
            let key = SymmetricKey(data: Data(secret.value.utf8))
            let message = Data(stamp.utf8) + [UInt8(ascii: ".")] + body
            for signature in signatures {
                let matches = HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: message, using: key)
                isRight = matches || isRight
            }
        }
        guard isRight else { throw Fault.wrong }
        let age = now.timeIntervalSince1970 - seconds
        let limit = tolerance / .seconds(1)
        guard age <= limit else { throw Fault.tooOld }
        guard age >= -limit else { throw Fault.tooNew }
    }

    private static func read(_ value: String) throws -> (stamp: String, seconds: Double, signatures: [[UInt8]]) {
        var stamp: String?
        var signatures: [[UInt8]] = []
        for field in value.split(separator: ",", maxSplits: maximumSignatures * 2) {
            let parts = MailSyntax.trimmed(field).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Fault.malformed }
            switch parts[0] {
            case "t":
                guard stamp == nil else { throw Fault.malformed }
                stamp = String(parts[1])
            case "v1":
                guard let bytes = bytes(parts[1]), signatures.count < maximumSignatures else { throw Fault.malformed }
                signatures.append(bytes)
            // A later form beside ours.
            default: break
            }
        }
        guard let stamp, stamp.utf8.allSatisfy(MailSyntax.isDigit), let seconds = Int(stamp), !signatures.isEmpty else {
            throw Fault.malformed
        }
        return (stamp, Double(seconds), signatures)
    }

    private static func code(of body: [UInt8], _ stamp: String, _ secret: Secret) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: Data(secret.value.utf8)))
        code.update(data: Data(stamp.utf8) + [UInt8(ascii: ".")])
        code.update(data: body)
        return Array(code.finalize())
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { TransferEncoding.hexadecimal($0).lowercased() }.joined()
    }

    /// The bytes of a SHA-256 in hexadecimal.
    private static func bytes(_ text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == SHA256.byteCount * 2 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).reduce(into: [UInt8]?([])) { bytes, index in
            let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard pair.utf8.allSatisfy(MailSyntax.isAlphanumeric), let byte = UInt8(pair, radix: 16) else {
                return bytes = nil
            }
            bytes?.append(byte)
        }
    }
}

extension Secret {
    /// A new secret for a webhook: `whsec_` and 256 random bits.
    public static func forWebhook() -> Secret {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return Secret("whsec_" + key.base64EncodedString())
    }
}
