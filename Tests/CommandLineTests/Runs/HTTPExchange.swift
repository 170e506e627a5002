import Foundation
import Synchronization

/// One request over a connection of its own; what has come of the answer can be looked at any time.
final class HTTPExchange: Sendable {
    private struct State {
        var answer = HTTPAnswer()
        var isOver = false
    }

    /// What the kernel says where there is no connection.
    struct NoConnection: Error {
        var code = errno
    }

    private let descriptor: CInt
    private let state = Mutex(State())
    /// An element whenever something came; ends with the connection.
    private let news: AsyncStream<Void>
    private let came: AsyncStream<Void>.Continuation

    init(
        _ method: String, _ path: String, on port: UInt16, headers: [(String, String)] = [], json: String = ""
    ) throws {
        (news, came) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        descriptor = try Self.connect(to: port)
        var request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        if !json.isEmpty { request += "Content-Type: application/json\r\n" }
        request += "Content-Length: \(json.utf8.count)\r\n\r\n" + json
        // Small enough for the kernel to take at once; that the server has gone is seen when the answer ends.
        _ = request.utf8CString.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count - 1, CInt(MSG_NOSIGNAL)) }
        Thread.detachNewThread { self.receive() }
    }

    /// What has come so far.
    var answer: HTTPAnswer { state.withLock(\.answer) }

    /// Waits until it is so; false where the answer ends before. One task at a time may wait.
    @discardableResult
    func wait(until isSo: (HTTPAnswer) throws -> Bool) async rethrows -> Bool {
        if try isSo(answer) { return true }
        for await _ in news where try isSo(answer) { return true }
        return try isSo(answer)
    }

    /// Waits for the end of the connection.
    func end() async -> HTTPAnswer {
        for await _ in news {}
        return answer
    }

    /// Cuts the connection.
    func leave() {
        state.withLock { state in
            if !state.isOver { shutdown(descriptor, CInt(SHUT_RDWR)) }
        }
    }

    /// Reads until the connection ends, on a thread of its own.
    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            state.withLock { $0.answer.read(buffer.prefix(count)) }
            came.yield()
        }
        state.withLock { state in
            state.isOver = true
            close(descriptor)
        }
        came.finish()
    }

    private static func connect(to port: UInt16) throws -> CInt {
        // A program that is started meanwhile does not inherit it.
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw NoConnection() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let outcome = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else {
            let failure = NoConnection()
            close(descriptor)
            throw failure
        }
        return descriptor
    }
}
