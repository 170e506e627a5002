import VidSift

/// What a worker asks of the database.
enum Request: Sendable {
    case look
    case claim([(kind: JobKind, limit: Int)], askedAt: Int)
    case renew([HeldJob], sentAt: Int)
    case rescue
    /// A handler's transaction begins: it asks for its claim, and so locks the row.
    case begin(handler: Int)
    case commit(handler: Int)
    case settle(handler: Int, JobTransition)
    case complete(handlers: [Int], [HeldJob])
}

/// What the database answers.
enum Answer: Sendable {
    case done
    case claimed([[ModelRow]])
    case renewed([ModelRow])
    case rescued(Int)
    /// Whether the claim was still the asker's.
    case held(Bool)
    /// The connection is gone: nobody knows whether it was done.
    case failed
}

/// What happens at a moment.
struct Event: Sendable {
    enum What: Sendable {
        case arrival(Request, epoch: Int)
        case answer(Request, Answer, epoch: Int)
        case wake, beat, watch, writeEnds, stop, stopAll, restart
        case handlerReady(Int), handlerStopped(Int), abandon(Int), commit(Int)
        case settle(Int, JobTransition), completeAgain([Int])
        case enqueue(Int), cancelJob(Int)
        case crash, pause(Int), stall(Int), databaseRestart, calm
    }

    var time: Int
    var number: Int
    /// -1: nobody's.
    var worker: Int
    var life: Int
    var what: What

    func isBefore(_ other: Event) -> Bool { (time, number) < (other.time, other.number) }
}

/// The events to come, the next one first (a binary heap).
struct EventQueue: Sendable {
    private var heap: [Event] = []

    mutating func push(_ event: Event) {
        heap.append(event)
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) { least = child }
            if least == parent { return first }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
