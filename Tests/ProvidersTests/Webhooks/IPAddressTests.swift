import NIOCore
import Testing

@testable import Providers

@Suite("An address of the network")
struct IPAddressTests {
    static let worldwide = [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "203.0.112.255", "203.0.114.0",
        "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001:810::200e", "2001:200::", "2001:4860:4860::8888", "3ffe:ffff::", "2003::1",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ]

    static let others: [(String, IPRange)] = [
        ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified), ("10.0.0.0", .privateNetwork),
        ("10.255.255.255", .privateNetwork), ("100.64.0.0", .carrierNetwork), ("100.127.255.255", .carrierNetwork),
        ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("169.254.0.0", .linkLocal),
        ("169.254.169.254", .linkLocal), ("172.16.0.0", .privateNetwork), ("172.31.255.255", .privateNetwork),
        ("192.0.0.1", .reserved), ("192.0.2.1", .documentation), ("192.88.99.1", .reserved),
        ("192.168.0.0", .privateNetwork), ("192.168.255.255", .privateNetwork), ("198.18.0.0", .reserved),
        ("198.19.255.255", .reserved), ("198.51.100.7", .documentation), ("203.0.113.7", .documentation),
        ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("240.0.0.0", .reserved),
        ("255.255.255.255", .reserved), ("::", .unspecified), ("::1", .loopback), ("::2", .reserved),
        ("::127.0.0.1", .reserved), ("::ffff:127.0.0.1", .loopback), ("::ffff:10.1.2.3", .privateNetwork),
        ("::ffff:a9fe:a9fe", .linkLocal), ("::ffff:0.0.0.0", .unspecified), ("::ffff:0:127.0.0.1", .reserved),
        ("64:ff9b::127.0.0.1", .loopback), ("64:ff9b::10.0.0.1", .privateNetwork),
        ("64:ff9b:1::8.8.8.8", .privateNetwork),
        ("100::1", .reserved), ("2001::1", .reserved), ("2001:1ff::1", .reserved), ("2001:db8::1", .documentation),
        ("2002:7f00:1::", .reserved), ("3fff::1", .documentation), ("3fff:fff::1", .documentation),
        ("4000::1", .reserved),
        ("5f00::1", .reserved), ("fc00::1", .privateNetwork), ("fdff::1", .privateNetwork), ("fe80::1", .linkLocal),
        ("febf::1", .linkLocal), ("fec0::1", .privateNetwork), ("ff02::1", .multicast), ("ffff::1", .multicast),
    ]

    @Test("is known to be on the internet", arguments: worldwide)
    func onTheInternet(text: String) throws {
        #expect(try #require(IPAddress(text)).range == .internet)
    }

    @Test("is known to be elsewhere", arguments: others)
    func elsewhere(text: String, range: IPRange) throws {
        #expect(try #require(IPAddress(text)).range == range)
    }

    @Test("is the same read from a socket, and written again", arguments: worldwide + others.map(\.0))
    func sockets(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(try IPAddress(SocketAddress(ipAddress: text, port: 80)) == address)
        #expect(IPAddress("\(address)") == address)
    }

    @Test(
        "is not what old programs take for one",
        arguments: [
            "", "127.1", "0x7f000001", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "127.0.0.1.", " 127.0.0.1",
            "127.0.0.256",
            "::1%lo", "[::1]", "1::2::3", "localhost", "127.0.0.1/8", "fe80::1%eth0", "127.0.0.1\0",
        ])
    func none(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
