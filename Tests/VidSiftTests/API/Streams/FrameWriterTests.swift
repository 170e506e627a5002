import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import VidSift

@Suite("The frames of a stream", .timeLimit(.minutes(2))) struct FrameWriterTests {
    @Test("are written in order, each before the next, and none after the end")
    func inOrder() async throws {
        let reader = Reader()
        let frames = FrameWriter(reader.writer)
        for number in 0..<100 {
            try await frames.send(ByteBuffer(string: "\(number)"))
            #expect(reader.taken.last == "\(number)")
        }
        await frames.finish()
        #expect(frames.isClosed && reader.taken.last == Reader.end)
        await #expect(throws: CancellationError.self) { try await frames.send(ByteBuffer(string: "late")) }
        await frames.interject(ByteBuffer(string: "late"))
        await frames.finish()
        #expect(reader.taken.count == 101)
        try frames.check()
    }

    @Test("a frame of no meaning is written in the silence")
    func interjected() async throws {
        let reader = Reader()
        let frames = FrameWriter(reader.writer)
        await frames.interject(ByteBuffer(string: ": keep-alive"))
        try await frames.send(ByteBuffer(string: "word"))
        #expect(reader.taken == [": keep-alive", "word"])
    }

    @Test("while a frame is being written none of no meaning is, and the next one waits")
    func oneAtATime() async throws {
        let reader = Reader(isStopped: true)
        let frames = FrameWriter(reader.writer)
        let silence = Task { await frames.interject(ByteBuffer(string: ": keep-alive")) }
        await reader.waitForWriter()
        guard case .writing = frames.standing else { throw Unexpected() }
        await frames.interject(ByteBuffer(string: "lost"))
        let word = Task { try await frames.send(ByteBuffer(string: "word")) }
        #expect(reader.taken == [])

        reader.goOn()
        await silence.value
        try await word.value

        #expect(reader.taken == [": keep-alive", "word"])
        guard case .silent = frames.standing else { throw Unexpected() }
    }

    @Test("the end waits for a frame that is being written, and whoever waits is told when that fails")
    func endWhileWriting() async throws {
        let reader = Reader(isStopped: true)
        let frames = FrameWriter(reader.writer)
        let silence = Task { await frames.interject(ByteBuffer(string: ": keep-alive")) }
        await reader.waitForWriter()
        let end = Task { await frames.finish() }
        reader.goOn()
        await silence.value
        await end.value
        #expect(reader.taken == [": keep-alive", Reader.end])

        let other = Reader(isStopped: true)
        let broken = FrameWriter(other.writer)
        let first = Task { await broken.interject(ByteBuffer(string: "first")) }
        await other.waitForWriter()
        let second = Task { try await broken.send(ByteBuffer(string: "second")) }
        other.leave()
        other.goOn()
        await first.value
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(other.taken == [])
    }

    @Test("a reader that does not take the end is seen to take nothing, as with any frame")
    func endThatIsNotTaken() async throws {
        let reader = Reader(isStopped: true)
        let frames = FrameWriter(reader.writer)
        let end = Task { await frames.finish() }
        await reader.waitForWriter()
        guard case .writing = frames.standing else { throw Unexpected() }
        reader.goOn()
        await end.value
        #expect(frames.isClosed)
    }

    @Test("a task that is cancelled while it sends leaves a stream that can be ended")
    func cancelled() async throws {
        let reader = Reader(isStopped: true)
        let frames = FrameWriter(reader.writer)
        let sending = Task { try await frames.send(ByteBuffer(string: "word")) }
        await reader.waitForWriter()
        sending.cancel()
        reader.goOn()
        await #expect(throws: CancellationError.self) { try await sending.value }
        await frames.finish()
        #expect(reader.taken == [Reader.end])
        try frames.check()
    }

    @Test("a frame that can't be written is the end, and the reason is told once the making has ended")
    func failure() async throws {
        let reader = Reader()
        let frames = FrameWriter(reader.writer)
        reader.leave()
        await #expect(throws: CancellationError.self) { try await frames.send(ByteBuffer(string: "word")) }
        #expect(frames.isClosed)
        #expect(throws: Reader.HasLeft.self) { try frames.check() }
        await frames.finish()
        #expect(throws: Reader.HasLeft.self) { try frames.check() }
    }
}

private struct Unexpected: Error {}

extension FrameWriter {
    fileprivate var isClosed: Bool {
        if case .closed = standing { true } else { false }
    }
}

/// Takes frames, unless it is stopped or has left.
private final class Reader: Sendable {
    struct HasLeft: Error {}

    static let end = "the end"

    struct Writer: ResponseBodyWriter {
        let reader: Reader

        mutating func write(_ buffer: ByteBuffer) async throws { try await reader.take(String(buffer: buffer)) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try await reader.take(Reader.end) }
    }

    private struct State {
        var taken: [String] = []
        var isStopped: Bool
        var hasLeft = false
        var writer: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let (arrivals, arrival) = AsyncStream<Void>.makeStream()

    init(isStopped: Bool = false) {
        state = Mutex(State(isStopped: isStopped))
    }

    var writer: Writer { Writer(reader: self) }
    var taken: [String] { state.withLock(\.taken) }

    /// Returns when somebody writes to a reader that is stopped.
    func waitForWriter() async {
        var arrivals = arrivals.makeAsyncIterator()
        await arrivals.next()
    }

    func goOn() {
        let writer = state.withLock { state in
            state.isStopped = false
            return state.writer.take()
        }
        writer?.resume()
    }

    func leave() { state.withLock { $0.hasLeft = true } }

    /// As a connection does: what a cancelled task sends is not taken.
    fileprivate func take(_ frame: String) async throws {
        await withCheckedContinuation { writer in
            let goesOn = state.withLock { state in
                if state.isStopped { state.writer = writer }
                return !state.isStopped
            }
            if goesOn { writer.resume() } else { arrival.yield() }
        }
        try Task.checkCancellation()
        try state.withLock { state in
            if state.hasLeft { throw HasLeft() }
            state.taken.append(frame)
        }
    }
}
