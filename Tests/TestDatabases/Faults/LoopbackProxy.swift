internal import Foundation
internal import Synchronization

/// A network between a client and a server that can be cut, stopped, delayed and cut into slices.
///
/// Two threads for each connection pass the bytes on, one for each way.
public final class LoopbackProxy: Sendable {
    /// Where the server is.
    public enum Target: Sendable {
        case socket(String)
        case port(UInt16)
    }

    /// The port at which clients reach it.
    public let port: UInt16
    private let target: Target
    private let listener: CInt
    private let state = Mutex(State())
    private let mayListen = DispatchSemaphore(value: 0)

    private struct State {
        var links: [ObjectIdentifier: ProxyLink] = [:]
        var isRefusing = false
        var isClosed = false
        /// The threads that wait until bytes pass again; nil while they pass.
        var held: [DispatchSemaphore]?
        var slice = Int.max
        var pause: UInt32 = 0
        var trap: ProxyTrap?
        var watched: (words: [UInt8], isSeen: Bool)?
    }

    /// Runs the closure with a proxy, which ends afterwards.
    public static func run<T>(to target: Target, _ body: (LoopbackProxy) async throws -> T) async throws -> T {
        let proxy = try LoopbackProxy(to: target)
        defer { proxy.close() }
        return try await body(proxy)
    }

    private init(to target: Target) throws {
        self.target = target
        port = try LoopbackSocket.freePort()
        listener = try LoopbackSocket.bound(to: port)
        try LoopbackSocket.check(listen(listener, Self.backlog))
        start { $0.acceptAll() }
    }

    private static let backlog: CInt = 64

    // MARK: - Faults

    /// Ends all connections.
    public func cut() {
        let (links, held) = state.withLock { state in
            (Array(state.links.values), Self.release(&state, holdingAgain: true))
        }
        for link in links { link.end() }
        for thread in held { thread.signal() }
    }

    /// Refuses connections from now on, as a port does on which nobody listens; those that are there stay.
    public func refuse() {
        state.withLock { $0.isRefusing = true }
        // The socket keeps its port, and can listen again.
        shutdown(listener, CInt(SHUT_RDWR))
    }

    /// Takes connections again.
    public func accept() throws {
        state.withLock { $0.isRefusing = false }
        try LoopbackSocket.check(listen(listener, Self.backlog))
        mayListen.signal()
    }

    /// Passes nothing on any more, and tells nobody.
    public func hold() {
        state.withLock { $0.held = $0.held ?? [] }
    }

    /// Passes on again, beginning with what was held.
    public func letPass() {
        let held = state.withLock { Self.release(&$0, holdingAgain: false) }
        for thread in held { thread.signal() }
    }

    /// Passes everything on in slices of so many bytes, with a pause before each.
    public func slice(bytes: Int, pause: Duration) {
        let microseconds = UInt32(pause / .microseconds(1))
        state.withLock { ($0.slice, $0.pause) = (bytes, microseconds) }
    }

    /// What a client sends to end a transaction: `READ COMMITTED`, at its beginning, is something else.
    public static let commit = "COMMIT\0"

    /// Ends all connections once a client sends these words.
    ///
    /// - Parameter passesOn: whether the server still gets them.
    /// - Returns: opens when that has happened.
    public func cut(at words: String, passesOn: Bool) -> Gate {
        let trap = ProxyTrap(words: Array(words.utf8), passesOn: passesOn)
        state.withLock { $0.trap = trap }
        return trap.sprung
    }

    /// Looks for these words in what clients send.
    public func watch(for words: String) {
        state.withLock { $0.watched = (Array(words.utf8), false) }
    }

    /// Whether a client has sent the words in a way that can be read.
    public var hasSeenWords: Bool { state.withLock { $0.watched?.isSeen ?? false } }

    /// How many connections there are.
    public var connections: Int { state.withLock { $0.links.count } }

    private func close() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, CInt(SHUT_RDWR))
        mayListen.signal()
        letPass()
        cut()
    }

    private static func release(_ state: inout State, holdingAgain: Bool) -> [DispatchSemaphore] {
        guard let held = state.held else { return [] }
        state.held = holdingAgain ? [] : nil
        return held
    }

    // MARK: - Connections

    /// On a thread of its own, until it is closed.
    private func acceptAll() {
        while !state.withLock({ $0.isClosed }) {
            let client = Foundation.accept(listener, nil, nil)
            guard client < 0 else {
                link(client)
                continue
            }
            if state.withLock({ $0.isRefusing && !$0.isClosed }) { mayListen.wait() }
        }
        Foundation.close(listener)
    }

    private func link(_ client: CInt) {
        guard let server = try? connectToServer() else {
            Foundation.close(client)
            return
        }
        LoopbackSocket.sendAtOnce(client)
        let link = ProxyLink(client: client, server: server)
        let isRefused = state.withLock { state in
            if state.isRefusing || state.isClosed { return true }
            state.links[ObjectIdentifier(link)] = link
            return false
        }
        guard !isRefused else { return }
        start { $0.pass(link, from: client, to: server, isFromClient: true) }
        start { $0.pass(link, from: server, to: client, isFromClient: false) }
    }

    private func connectToServer() throws -> CInt {
        switch target {
        case .socket(let path): return try LoopbackSocket.connected(to: path)
        case .port(let port):
            let server = try LoopbackSocket.connected(to: port)
            LoopbackSocket.sendAtOnce(server)
            return server
        }
    }

    private func start(_ work: @escaping @Sendable (LoopbackProxy) -> Void) {
        let thread = Thread { work(self) }
        thread.name = "proxy"
        thread.start()
    }

    // MARK: - Bytes

    private func pass(_ link: ProxyLink, from source: CInt, to sink: CInt, isFromClient: Bool) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            waitWhileHeld()
            let trap = isFromClient ? look(buffer[..<count]) : nil
            // Before the server can answer.
            if trap != nil { link.endClient() }
            let isPassed = trap?.passesOn == false || send(buffer[..<count], to: sink)
            if let trap {
                cut()
                trap.sprung.open()
            }
            guard isPassed, trap == nil else { break }
        }
        // The other end still gets what was sent before. Where it was not taken, nothing can be any more.
        shutdown(sink, CInt(SHUT_WR))
        if link.didEndOneWay() { state.withLock { $0.links[ObjectIdentifier(link)] = nil } }
    }

    private func waitWhileHeld() {
        let turn = DispatchSemaphore(value: 0)
        let isHeld = state.withLock { state in
            guard state.held != nil else { return false }
            state.held?.append(turn)
            return true
        }
        if isHeld { turn.wait() }
    }

    /// The trap that these bytes spring.
    private func look(_ bytes: ArraySlice<UInt8>) -> ProxyTrap? {
        state.withLock { state in
            if let watched = state.watched, bytes.firstRange(of: watched.words) != nil { state.watched?.isSeen = true }
            guard let trap = state.trap, bytes.firstRange(of: trap.words) != nil else { return nil }
            state.trap = nil
            return trap
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>, to sink: CInt) -> Bool {
        let (size, pause) = state.withLock { ($0.slice, $0.pause) }
        var rest = bytes
        while !rest.isEmpty {
            if pause > 0 { usleep(pause) }
            guard LoopbackSocket.send(rest.prefix(size), to: sink) else { return false }
            rest = rest.dropFirst(size)
        }
        return true
    }
}

/// Words at which all connections end.
private struct ProxyTrap {
    let words: [UInt8]
    let passesOn: Bool
    let sprung = Gate()
}

/// A client and the server, connected.
private final class ProxyLink: Sendable {
    private let client: CInt
    private let server: CInt
    private let endedWays = Mutex(0)

    init(client: CInt, server: CInt) {
        self.client = client
        self.server = server
    }

    deinit {
        Foundation.close(client)
        Foundation.close(server)
    }

    func endClient() {
        shutdown(client, CInt(SHUT_RDWR))
    }

    func end() {
        endClient()
        shutdown(server, CInt(SHUT_RDWR))
    }

    /// Whether both have.
    func didEndOneWay() -> Bool {
        endedWays.withLock { ways in
            ways += 1
            return ways == 2
        }
    }
}
