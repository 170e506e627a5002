internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// The end of a connection's pipeline: writes a command, waits for its reply within its time, and remembers why the
/// connection ended. All of it happens on the connection's event loop.
final class SMTPReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var parser = SMTPReplyParser()
    private var waiting: EventLoopPromise<SMTPReply>?
    private var securing: EventLoopPromise<Void>?
    private var isSecured = false
    private var failure: (any Error)?

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try parser.append(unwrapInboundIn(data).readableBytesView)
            if let waiting, let reply = try parser.next() {
                self.waiting = nil
                waiting.succeed(reply)
            }
        } catch {
            fail(error, context.channel)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            isSecured = true
            securing?.succeed()
            securing = nil
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context.channel) }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ChannelError.eof, context.channel)
        context.fireChannelInactive()
    }

    /// The first failure counts: those that follow are its consequences.
    private func fail(_ error: any Error, _ channel: any Channel) {
        let failure = self.failure ?? error
        self.failure = failure
        waiting?.fail(failure)
        waiting = nil
        securing?.fail(failure)
        securing = nil
        channel.close(promise: nil)
    }

    // MARK: What goes

    /// Sends `command`, if there is one, and gives the reply to it.
    func ask(
        _ command: ByteBuffer?, _ step: SMTPStep, _ limit: Duration, _ channel: any Channel
    ) -> EventLoopFuture<SMTPReply> {
        let promise = channel.eventLoop.makePromise(of: SMTPReply.self)
        do {
            if let reply = try earlyReply(isExpected: command == nil) {
                promise.succeed(reply)
                return promise.futureResult
            }
            if let failure { throw failure }
        } catch {
            fail(error, channel)
            promise.fail(SMTPUnsent(cause: failure ?? error))
            return promise.futureResult
        }
        waiting = promise
        watch(promise.futureResult, step, limit, channel)
        if let command { channel.writeAndFlush(command).assumeIsolated().whenFailure { self.fail($0, channel) } }
        return promise.futureResult
    }

    /// Sends `bytes`, to which there is no reply yet. It is done when they have left.
    func send(
        _ bytes: ByteBuffer, _ step: SMTPStep, _ limit: Duration, _ channel: any Channel
    ) -> EventLoopFuture<Void> {
        let sent = channel.writeAndFlush(bytes)
        watch(sent, step, limit, channel)
        return sent.assumeIsolated().flatMapErrorThrowing { error in
            // A server that refuses a message in the middle hangs up; what it said before says more.
            if let reply = try? self.earlyReply(isExpected: false) { throw SMTPRefusedEarly(reply: reply) }
            throw self.failure ?? error
        }.nonisolated()
    }

    /// Encrypts from here on. Whatever the server has said behind its reply was not encrypted, and can be anybody's.
    func encrypt(
        _ context: NIOSSLContext, host: String?, _ limit: Duration, _ channel: any Channel
    ) -> EventLoopFuture<Void> {
        do {
            guard parser.isEmpty else { throw SMTPOutOfTurn() }
            let handler = try NIOSSLClientHandler(context: context, serverHostname: host)
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        } catch {
            fail(error, channel)
            return channel.eventLoop.makeFailedFuture(error)
        }
        return secured(limit, channel)
    }

    /// Whether the handshake is done.
    var isEncrypted: Bool { isSecured }

    /// Waits for the handshake.
    func secured(_ limit: Duration, _ channel: any Channel) -> EventLoopFuture<Void> {
        if let failure { return channel.eventLoop.makeFailedFuture(failure) }
        if isSecured { return channel.eventLoop.makeSucceededVoidFuture() }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        securing = promise
        watch(promise.futureResult, .encrypting, limit, channel)
        return promise.futureResult
    }

    /// A server speaks when it is asked. What it says before is a refusal (it is about to hang up), or the replies no
    /// longer belong to the commands.
    private func earlyReply(isExpected: Bool) throws -> SMTPReply? {
        guard !parser.isEmpty else { return nil }
        let reply = try parser.next()
        guard isExpected || reply?.isRefusal == true else { throw SMTPOutOfTurn() }
        return reply
    }

    /// Ends the connection when `future` is not there in time.
    private func watch(
        _ future: EventLoopFuture<some Sendable>, _ step: SMTPStep, _ limit: Duration, _ channel: any Channel
    ) {
        let timer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
            self.fail(SMTPTimeout(step: step), channel)
        }
        future.whenComplete { _ in timer.cancel() }
    }
}

/// A step took too long.
struct SMTPTimeout: Error, Sendable, Equatable {
    var step: SMTPStep
}

/// A command was not sent any more.
struct SMTPUnsent: Error, Sendable {
    var cause: any Error
}

/// The server spoke without being asked.
struct SMTPOutOfTurn: Error, Sendable, Equatable {}

/// The server refused a message before it had all of it.
struct SMTPRefusedEarly: Error, Sendable, Equatable {
    var reply: SMTPReply
}
