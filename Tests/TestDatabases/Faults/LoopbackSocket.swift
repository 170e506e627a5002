internal import Foundation

/// Sockets on this machine, blocking: what the proxy is made of.
enum LoopbackSocket {
    /// A port that nobody listens on just now.
    static func freePort() throws -> UInt16 {
        let socket = try bound(to: 0)
        defer { Foundation.close(socket) }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let outcome = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        try check(outcome)
        return UInt16(bigEndian: address.sin_port)
    }

    /// A TCP socket with a port of its own, on which it does not listen yet.
    static func bound(to port: UInt16) throws -> CInt {
        let descriptor = try newTCP()
        var isReused: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<CInt>.size))
        try onAddress(port) { bind(descriptor, $0, $1) }
        return descriptor
    }

    static func connected(to port: UInt16) throws -> CInt {
        let descriptor = try newTCP()
        do {
            try onAddress(port) { connect(descriptor, $0, $1) }
        } catch {
            Foundation.close(descriptor)
            throw error
        }
        return descriptor
    }

    static func connected(to path: String) throws -> CInt {
        let descriptor = socket(AF_UNIX, type, 0)
        try check(descriptor)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let outcome = withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard outcome == 0 else {
            Foundation.close(descriptor)
            throw SocketError(code: errno)
        }
        return descriptor
    }

    /// Sends each piece at once, however small.
    static func sendAtOnce(_ descriptor: CInt) {
        var isAtOnce: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &isAtOnce, socklen_t(MemoryLayout<CInt>.size))
    }

    static func send(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    static func check(_ outcome: CInt) throws {
        guard outcome >= 0 else { throw SocketError(code: errno) }
    }

    // A program that is started meanwhile does not inherit it.
    private static let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

    private static func newTCP() throws -> CInt {
        let descriptor = socket(AF_INET, type, 0)
        try check(descriptor)
        return descriptor
    }

    private static func onAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let outcome = withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try check(outcome)
    }
}

/// What the kernel says about a socket.
struct SocketError: Error, CustomStringConvertible {
    var code: CInt
    var description: String { String(cString: strerror(code)) }
}
