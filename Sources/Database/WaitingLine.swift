/// Those who wait, in the order in which they came. Anybody may leave early.
struct WaitingLine<Waiter> {
    private struct Place {
        var waiter: Waiter
        var deadline: ContinuousClock.Instant
    }

    private var places: [UInt64: Place] = [:]
    /// The tickets in line, some of which may have left; those before `head` are served.
    private var line: [UInt64] = []
    private var head = 0
    private var lastTicket: UInt64 = 0

    var count: Int { places.count }

    mutating func newTicket() -> UInt64 {
        lastTicket += 1
        return lastTicket
    }

    mutating func append(_ waiter: Waiter, ticket: UInt64, deadline: ContinuousClock.Instant) {
        places[ticket] = Place(waiter: waiter, deadline: deadline)
        line.append(ticket)
    }

    mutating func remove(_ ticket: UInt64) -> Waiter? {
        places.removeValue(forKey: ticket)?.waiter
    }

    mutating func popFirst() -> Waiter? {
        skipLeft()
        guard head < line.count else { return nil }
        return places.removeValue(forKey: line[head])?.waiter
    }

    /// The deadline of the first in line.
    var firstDeadline: ContinuousClock.Instant? {
        line[head...].lazy.compactMap { places[$0]?.deadline }.first
    }

    /// Takes out all whose time is over.
    mutating func removeLate(now: ContinuousClock.Instant) -> [Waiter] {
        var late: [Waiter] = []
        while let deadline = firstDeadline, deadline <= now, let waiter = popFirst() { late.append(waiter) }
        return late
    }

    mutating func removeAll() -> [Waiter] {
        var all: [Waiter] = []
        while let waiter = popFirst() { all.append(waiter) }
        return all
    }

    private mutating func skipLeft() {
        while head < line.count, places[line[head]] == nil { head += 1 }
        if head == line.count || head > 1_024 {
            line.removeFirst(head)
            head = 0
        }
    }
}
