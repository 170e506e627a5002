import NIOCore
import NIOHTTP1

/// One connection of a ``LoopbackEndpoint``.
final class LoopbackHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let endpoint: LoopbackEndpoint
    private var request = LoopbackEndpoint.Request(path: "", headers: [:], body: [])
    /// What is still to be sent of a stream.
    private var steps: ArraySlice<LoopbackEndpoint.Step> = []
    private var isWaiting = false

    init(_ endpoint: LoopbackEndpoint) { self.endpoint = endpoint }

    func channelActive(context: ChannelHandlerContext) {
        endpoint.connected()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = LoopbackEndpoint.Request(path: head.uri, headers: head.headers, body: [])
        case .body(let bytes): request.body.append(contentsOf: bytes.readableBytesView)
        case .end: perform(endpoint.received(request), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        endpoint.disconnected()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { advance(context) }
        context.fireChannelWritabilityChanged()
    }

    private func perform(_ answer: LoopbackEndpoint.Answer, _ context: ChannelHandlerContext) {
        switch answer {
        case .respond(let status, let headers, let bytes):
            send(status, headers + [("content-length", "\(bytes.count)")], context)
            send(bytes, context)
            end(context)
        case .stream(let steps, let contentType):
            send(200, [("content-type", contentType), ("transfer-encoding", "chunked")], context)
            context.flush()
            self.steps = steps[...]
            if steps.isEmpty { end(context) } else { advance(context) }
        case .cut(let bytes):
            send(200, [("content-length", "\(bytes.count + 1000)")], context)
            send(bytes, context)
            hangUp(context)
        case .hangUp: hangUp(context)
        case .silence: break
        }
    }

    /// Sends as much of the stream as can be sent now.
    private func advance(_ context: ChannelHandlerContext) {
        while !isWaiting, let step = steps.popFirst() {
            switch step {
            case .bytes(let bytes): send(bytes, context)
            case .flood(let bytes, let times):
                guard context.channel.isWritable else {
                    steps.insert(step, at: steps.startIndex)
                    return endpoint.stalled()
                }
                if times > 1 { steps.insert(.flood(bytes, times: times - 1), at: steps.startIndex) }
                endpoint.flooded(bytes.count)
                send(bytes, context)
            case .wait(let gate):
                wait(for: gate, context)
                return
            case .hang:
                isWaiting = true
                return
            case .hangUp:
                isWaiting = true
                return hangUp(context)
            }
            if steps.isEmpty { end(context) }
        }
    }

    private func wait(for gate: Gate, _ context: ChannelHandlerContext) {
        isWaiting = true
        let loop = context.eventLoop
        let here = NIOLoopBound((self, context), eventLoop: loop)
        gate.whenOpen {
            loop.execute {
                let (handler, context) = here.value
                guard context.channel.isActive else { return }
                handler.isWaiting = false
                if handler.steps.isEmpty { handler.end(context) } else { handler.advance(context) }
            }
        }
    }

    private func send(_ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: status), headers: HTTPHeaders(headers))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        endpoint.answered()
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func hangUp(_ context: ChannelHandlerContext) {
        endpoint.answered()
        context.close(promise: nil)
    }
}
