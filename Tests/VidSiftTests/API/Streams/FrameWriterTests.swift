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
        frames.close()
        #expect(frames.isClosed)
        await #expect(throws: CancellationError.self) { try await frames.send(ByteBuffer(string: "late")) }
        await frames.interject(ByteBuffer(string: "late"))
        #expect(reader.taken.count == 100)
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

    @Test("whoever waits to write is told when the end comes first")
    func endWhileWaiting() async throws {
        let reader = Reader(isStopped: true)
        let frames = FrameWriter(reader.writer)
        let first = Task { await frames.interject(ByteBuffer(string: "first")) }
        await reader.waitForWriter()
        let second = Task { try await frames.send(ByteBuffer(string: "second")) }
        frames.close()
        await #expect(throws: CancellationError.self) { try await second.value }
        reader.goOn()
        await first.value
        #expect(reader.taken == ["first"])
        #expect(frames.isClosed)
    }

    @Test("a frame that can't be written is the end, and the reason is told once the making has ended")
    func failure() async throws {
        let reader = Reader()
        let frames = FrameWriter(reader.writer)
        reader.leave()
        await #expect(throws: CancellationError.self) { try await frames.send(ByteBuffer(string: "word")) }
        #expect(frames.isClosed)
        #expect(throws: Reader.HasLeft.self) { try frames.check() }
        frames.close()
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

    struct Writer: ResponseBodyWriter {
        let reader: Reader

        mutating func write(_ buffer: ByteBuffer) async throws { try await reader.take(String(buffer: buffer)) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
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

    private func take(_ frame: String) async throws {
        await withCheckedContinuation { writer in
            let goesOn = state.withLock { state in
                if state.isStopped { state.writer = writer }
                return !state.isStopped
            }
            if goesOn { writer.resume() } else { arrival.yield() }
        }
        try state.withLock { state in
            if state.hasLeft { throw HasLeft() }
            state.taken.append(frame)
        }
    }
}
