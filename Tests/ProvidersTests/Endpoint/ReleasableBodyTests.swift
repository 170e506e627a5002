import NIOCore
import Testing

@testable import Providers

@Suite("A request's body that is let go") struct ReleasableBodyTests {
    private let body = ReleasableBody(ByteBuffer(string: "words"))

    private func sent() async -> [String] {
        var pieces: [String] = []
        for await piece in body { pieces.append(String(buffer: piece)) }
        return pieces
    }

    @Test("it is sent as often as it is asked for, until it is let go")
    func again() async {
        #expect(await sent() == ["words"])
        #expect(await sent() == ["words"])
        body.release()
        #expect(await sent() == [])
    }

    @Test("let go before it was read, it is sent once")
    func early() async {
        body.release()
        #expect(await sent() == ["words"])
        #expect(await sent() == [])
    }
}
