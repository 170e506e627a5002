import NIOCore
import NIOHTTP1

/// Sends one question and follows its answer to the end.
final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private var record: StreamRecord
    private var scanner = ReplyScanner()
    private var asked: Int64 = 0
    private var promise: EventLoopPromise<StreamRecord>?

    init(tokens: Int, promise: EventLoopPromise<StreamRecord>) {
        record = StreamRecord(tokens: tokens)
        self.promise = promise
    }

    func ask(_ head: HTTPRequestHead, _ body: ByteBuffer, deadline: NIODeadline, on context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.finish(.tooLate)
            context.close(promise: nil)
        }
        asked = monotonicNanoseconds()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): record.received(status: Int(head.status.code))
        case .body(let bytes):
            record.received(bytes: bytes.readableBytes)
            guard record.status == 200 else { return scanner.readRefusal(bytes.readableBytesView) }
            let now = monotonicNanoseconds()
            scanner.read(bytes.readableBytesView) { record.arrived($0, at: now, asked: asked) }
        case .end:
            finish(scanner.hasFailure || record.status != 200 ? .failed : scanner.hasEnd ? .whole : .cut)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { finish(.cut) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func finish(_ end: StreamRecord.End) {
        guard let promise else { return }
        self.promise = nil
        record.end(end, complaint: scanner.complaint)
        promise.succeed(record)
    }
}
