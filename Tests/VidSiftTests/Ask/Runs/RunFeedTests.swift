import Testing

@testable import VidSift

@Suite("The feed of a run") struct RunFeedTests {
    @Test("a reader takes each event once, from where he began")
    func once() {
        let feed = RunFeed()
        let (one, two) = (feed.join(after: 0), feed.join(after: 2))
        feed.show(Self.events(1...3))
        #expect(feed.take(one).numbers == [1, 2, 3])
        #expect(feed.take(one).numbers == [])
        #expect(feed.take(two).numbers == [3])
        feed.show(Self.events(4...4))
        #expect(feed.take(one).numbers == [4] && feed.take(two).numbers == [4])
    }

    @Test("who is too far behind is sent to the database, and comes back from there")
    func behind() {
        let feed = RunFeed()
        let reader = feed.join(after: 0)
        for number in 1...500 { feed.show(Self.events(number...number)) }
        guard case .behind = feed.take(reader) else { return #expect(Bool(false), "the feed keeps too much") }
        feed.advance(reader, to: 499)
        #expect(feed.take(reader).numbers == [500])
    }

    @Test("what was shown last is kept, however large it is")
    func large() {
        let feed = RunFeed()
        let large = NumberedEvent(number: 1, event: .content(String(repeating: "x", count: 100_000)))
        feed.show([large])
        let reader = feed.join(after: 0)
        #expect(feed.take(reader).numbers == [1])
        feed.show(Self.events(2...2))
        let late = feed.join(after: 0)
        guard case .behind = feed.take(late) else { return #expect(Bool(false), "all readers had it") }
    }

    @Test("the end comes after the last event, and wakes those who wait")
    func end() async {
        let feed = RunFeed()
        let reader = feed.join(after: 0)
        async let waiting: Void = feed.wait(reader)
        feed.show(Self.events(1...1))
        feed.finish(.complete)
        await waiting
        #expect(feed.take(reader).numbers == [1])
        guard case .end(.complete) = feed.take(reader) else { return #expect(Bool(false)) }
        await feed.wait(reader)
    }

    @Test("a reader who is cancelled waits no longer, and one who has left neither")
    func cancelled() async {
        let feed = RunFeed()
        let reader = feed.join(after: 0)
        let waiting = Task { await feed.wait(reader) }
        waiting.cancel()
        await waiting.value
        let other = Task { await feed.wait(reader) }
        feed.leave(reader)
        await other.value
        #expect(feed.unfollowedFor > .zero)
    }

    private static func events(_ numbers: ClosedRange<Int>) -> [NumberedEvent] {
        numbers.map { NumberedEvent(number: $0, event: .content(String(repeating: "word ", count: 20))) }
    }
}

extension RunFeed.News {
    fileprivate var numbers: [Int]? {
        switch self {
        case .events(let events): events.numbers
        case .nothing: []
        case .behind, .end: nil
        }
    }
}
