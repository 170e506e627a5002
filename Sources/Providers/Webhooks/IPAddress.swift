internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An address of IPv4 or IPv6, and what kind of place it is.
struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four or sixteen bytes.
    let bytes: [UInt8]

    /// An address in its full written form; the short forms that some programs take (`127.1`, `0x7f000001`) are not.
    init?(_ text: String) {
        let isIPv6 = text.contains(":")
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        // C reads as far as a NUL.
        guard !text.utf8.contains(0), inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// The address of a socket; nil for one that is a file.
    init?(_ address: SocketAddress) {
        // Behind the % stands through which of this machine's networks the address is reached.
        guard let text = address.ipAddress?.split(separator: "%").first else { return nil }
        self.init(String(text))
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var isIPv4: Bool { bytes.count == 4 }

    var description: String {
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0))?.ipAddress ?? "?"
    }

    /// What kind of place it is.
    var range: IPRange { isIPv4 ? Self.range(of: bytes, in: Self.ranges4) ?? .internet : range6 }

    /// Some addresses of IPv6 carry one of IPv4, which is where packets end.
    private var range6: IPRange {
        if Self.carriers.contains(where: { Self.has(bytes, $0, 96) }) {
            return IPAddress(bytes: Array(bytes.suffix(4))).range
        }
        // All that is given out so far is in 2000::/3.
        return Self.range(of: bytes, in: Self.ranges6) ?? (bytes[0] >> 5 == 1 ? .internet : .reserved)
    }

    private static func range(of bytes: [UInt8], in table: [(prefix: [UInt8], bits: Int, range: IPRange)]) -> IPRange? {
        table.first { has(bytes, $0.prefix, $0.bits) }?.range
    }

    private static func has(_ bytes: [UInt8], _ prefix: [UInt8], _ bits: Int) -> Bool {
        guard zip(bytes, prefix).prefix(bits / 8).allSatisfy({ $0 == $1 }) else { return false }
        let rest = bits % 8
        return rest == 0 || bytes[bits / 8] >> (8 - rest) == prefix[bits / 8] >> (8 - rest)
    }

    // MARK: Tables (IANA's registries of special-purpose addresses)

    private static let ranges4: [(prefix: [UInt8], bits: Int, range: IPRange)] = [
        ([0], 8, .unspecified), ([10], 8, .privateNetwork), ([100, 64], 10, .carrierNetwork), ([127], 8, .loopback),
        ([169, 254], 16, .linkLocal), ([172, 16], 12, .privateNetwork), ([192, 0, 0], 24, .reserved),
        ([192, 0, 2], 24, .documentation), ([192, 88, 99], 24, .reserved), ([192, 168], 16, .privateNetwork),
        ([198, 18], 15, .reserved), ([198, 51, 100], 24, .documentation), ([203, 0, 113], 24, .documentation),
        ([224], 4, .multicast), ([240], 4, .reserved),
    ]

    /// IPv4-mapped addresses (`::ffff:0:0/96`), and those of translators to IPv4 (`64:ff9b::/96`).
    private static let carriers: [[UInt8]] = [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
    ]

    private static let ranges6: [(prefix: [UInt8], bits: Int, range: IPRange)] = [
        ([UInt8](repeating: 0, count: 16), 128, .unspecified),
        ([UInt8](repeating: 0, count: 15) + [1], 128, .loopback),
        // Translators of one's own network, Teredo and other inventions, documentation, 6to4.
        ([0, 0x64, 0xff, 0x9b, 0, 1], 48, .privateNetwork), ([0x20, 0x01, 0, 0], 23, .reserved),
        ([0x20, 0x01, 0x0d, 0xb8], 32, .documentation), ([0x20, 0x02], 16, .reserved),
        ([0x3f, 0xff, 0], 20, .documentation), ([0xfc], 7, .privateNetwork), ([0xfe, 0x80], 10, .linkLocal),
        ([0xfe, 0xc0], 10, .privateNetwork), ([0xff], 8, .multicast),
    ]
}

/// What kind of place an address is.
enum IPRange: Sendable, Hashable {
    /// Anywhere in the world.
    case internet
    /// This machine.
    case loopback
    /// One's own network.
    case privateNetwork
    /// The network of a provider, before its translation (100.64.0.0/10).
    case carrierNetwork
    /// The cable; on rented machines the provider's own service (169.254.169.254), which gives out keys.
    case linkLocal
    case multicast
    /// "This host": many systems take it for loopback.
    case unspecified
    case documentation
    case reserved

    /// As it stands in a sentence behind "is".
    var name: String {
        switch self {
        case .internet: "on the internet"
        case .loopback: "this machine itself"
        case .privateNetwork: "in a private network"
        case .carrierNetwork: "in a provider's inner network"
        case .linkLocal: "a link-local address"
        case .multicast: "a multicast address"
        case .unspecified: "an unspecified address"
        case .documentation: "an address for documentation"
        case .reserved: "a reserved address"
        }
    }
}
