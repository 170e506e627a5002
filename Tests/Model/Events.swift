import VidSift

/// What a worker asks of the database.
enum Request: Sendable {
    case look
    case claim([(kind: JobKind, limit: Int)], askedAt: Int)
    case renew([HeldJob], sentAt: Int)
    case rescue(sentAt: Int)
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
}

/// The events to come, the next one first: a binary heap of places.
struct EventQueue: Sendable {
    private struct Place: Sendable {
        var time: Int
        var number: Int
        var slot: Int

        func isBefore(_ other: Place) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Place] = []
    private var slots: [Event?] = []
    private var free: [Int] = []

    mutating func push(_ event: Event) {
        heap.append(Place(time: event.time, number: event.number, slot: store(event)))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func store(_ event: Event) -> Int {
        guard let slot = free.popLast() else {
            slots.append(event)
            return slots.count - 1
        }
        slots[slot] = event
        return slot
    }

    mutating func pop() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        free.append(first.slot)
        return slots[first.slot].take()
    }

    private mutating func sink(_ place: Place) {
        heap[0] = place
        var parent = 0
        while true {
            var least = parent
            if 2 * parent + 1 < heap.count, heap[2 * parent + 1].isBefore(heap[least]) { least = 2 * parent + 1 }
            if 2 * parent + 2 < heap.count, heap[2 * parent + 2].isBefore(heap[least]) { least = 2 * parent + 2 }
            if least == parent { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
