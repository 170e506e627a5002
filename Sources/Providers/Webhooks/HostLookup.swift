internal import Foundation
internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Finds the addresses of a host name.
struct HostLookup: Sendable {
    /// Why there is no address.
    enum Fault: Error, Sendable, Equatable {
        /// Its reason, as the system words it.
        case notFound(String)
        case tookTooLong
    }

    /// Gives the addresses of a name, best first, within a time. Throws ``Fault`` or `CancellationError`.
    var addresses: @Sendable (_ host: String, _ limit: Duration) async throws -> [IPAddress]

    /// Asks the system. The question itself can't be stopped: it ends on its thread, and nobody listens any more.
    static let system = HostLookup { host, limit in
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: [IPAddress].self)
        threads.submit { state in
            promise.completeWith(
                Result { if case .active = state { try ask(host) } else { throw CancellationError() } })
        }
        let timer = loop.scheduleTask(in: TimeAmount(limit)) { promise.fail(Fault.tookTooLong) }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    /// Threads of their own: names that are slow to be found, by mistake or by design, keep nobody else waiting.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        return threads
    }()

    private static func ask(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(truncatingIfNeeded: SOCK_STREAM_TYPE)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { throw Fault.notFound(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let address = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                IPAddress(SocketAddress($0.pointee, host: ""))
            }
        case AF_INET6:
            return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                IPAddress(SocketAddress($0.pointee, host: ""))
            }
        default: return nil
        }
    }
}

#if canImport(Darwin)
    private let SOCK_STREAM_TYPE = SOCK_STREAM
#else
    private let SOCK_STREAM_TYPE = SOCK_STREAM.rawValue
#endif
