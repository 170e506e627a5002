internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A connection to a mail server.
struct SMTPConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<SMTPReplyHandler>
    private let timeouts: SMTPMailer.Timeouts

    /// Connects, and encrypts from the first byte where there is a `context`.
    ///
    /// - Throws: SwiftNIO's errors, ``SMTPTimeout``, `CancellationError`.
    static func open(
        _ server: SMTPServer, encryptedBy context: NIOSSLContext?, _ timeouts: SMTPMailer.Timeouts
    ) async throws -> SMTPConnection {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        // Not looked for in the pipeline: that of a channel which has closed again is empty, and what a server says before
        // it hangs up is in the handler.
        let handlers = NIOLoopBoundBox.makeBoxSendingValue([ObjectIdentifier: SMTPReplyHandler](), eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(timeouts.connecting))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: server.nameForTLS))
                    }
                    let handler = SMTPReplyHandler()
                    handlers.value[ObjectIdentifier(channel)] = handler
                    try pipeline.addHandler(handler)
                }
            }
        let connected = bootstrap.connect(host: server.host, port: server.port).flatMapThrowing { channel in
            guard let handler = handlers.value[ObjectIdentifier(channel)] else { throw ChannelError.alreadyClosed }
            return SMTPConnection(channel: channel, handler: NIOLoopBound(handler, eventLoop: loop), timeouts: timeouts)
        }
        let promise = loop.makePromise(of: SMTPConnection.self)
        connected.cascade(to: promise)
        promise.futureResult.whenFailure { _ in connected.whenSuccess { $0.close() } }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    /// Whether the other end is this machine.
    var isLoopback: Bool { channel.remoteAddress.flatMap(IPAddress.init)?.range == .loopback }

    /// Whether nobody between can read along.
    var isEncrypted: Bool {
        get async throws { try await channel.eventLoop.submit { handler.value.isEncrypted }.get() }
    }

    /// This end, as a client without a name calls itself (RFC 5321, section 4.1.3).
    var addressLiteral: String {
        switch channel.localAddress.flatMap(IPAddress.init) {
        case let address? where address.isIPv4: "[\(address)]"
        case let address?: "[IPv6:\(address)]"
        case nil: "[127.0.0.1]"
        }
    }

    func close() { channel.close(promise: nil) }

    /// Waits for the reply to `command`, or for the greeting.
    func ask(_ command: String?, _ step: SMTPStep) async throws -> SMTPReply {
        try await ask(command.map { Array(($0 + "\r\n").utf8) }, step)
    }

    /// Waits for the reply to `bytes`.
    func ask(_ bytes: [UInt8]?, _ step: SMTPStep) async throws -> SMTPReply {
        let limit = timeouts.limit(of: step)
        return try await channel.eventLoop.flatSubmit {
            handler.value.ask(bytes.map { ByteBuffer(bytes: $0) }, step, limit, channel)
        }.get()
    }

    /// Sends bytes to which there is no reply yet, in blocks that each have their time.
    func send(_ bytes: [UInt8], _ step: SMTPStep) async throws {
        let limit = timeouts.limit(of: step)
        for start in stride(from: 0, to: bytes.count, by: Self.blockBytes) {
            let block = ByteBuffer(bytes: bytes[start..<min(start + Self.blockBytes, bytes.count)])
            try await channel.eventLoop.flatSubmit { handler.value.send(block, step, limit, channel) }.get()
        }
    }

    private static let blockBytes = 64 << 10

    /// Encrypts a connection that is not yet.
    func encrypt(_ context: NIOSSLContext, host: String?) async throws {
        try await channel.eventLoop.flatSubmit {
            handler.value.encrypt(context, host: host, timeouts.encrypting, channel)
        }.get()
    }

    /// Waits until a connection that is encrypted from the start is so.
    func secured() async throws {
        try await channel.eventLoop.flatSubmit { handler.value.secured(timeouts.encrypting, channel) }.get()
    }
}

extension SMTPServer {
    /// The name that the certificate must have; nil for an address, which is then what it must have.
    var nameForTLS: String? { IPAddress(host) == nil ? host : nil }
}
