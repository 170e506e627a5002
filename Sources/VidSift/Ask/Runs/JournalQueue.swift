internal import Database

/// What became of events that were to be stored.
enum JournalOutcome: Sendable {
    case stored
    /// The run is somebody else's by now, or gone.
    case lost
    case failed(any Error)
}

/// The events of one run that are written together.
struct JournalPortion: Sendable {
    let run: HostedRun
    let events: [NumberedEvent]

    init(run: HostedRun, first: Int, _ events: [AnswerEvent]) {
        self.run = run
        self.events = events.enumerated().map { NumberedEvent(number: first + $0, event: $1) }
    }

    /// The number of the last of them.
    var last: Int { events.last?.number ?? 0 }

    /// The statements that store them.
    func insertions(by holder: RunHolder) -> [SQL] {
        events.map { RunEvent.insertion($0.number, of: run.id, $0.event.json, by: holder) }
    }
}

/// The events of one run that wait to be written.
struct JournalQueue {
    let run: HostedRun
    private var events: [AnswerEvent] = []
    private var bytes = 0
    /// The number of the next event that will be taken.
    private var next = 1
    /// The portion that is being written begins here.
    private var underWay: Int?
    private(set) var failure: (any Error)?
    var waiters: [CheckedContinuation<Void, Never>] = []

    init(run: HostedRun) {
        self.run = run
    }

    var isEmpty: Bool { events.isEmpty }
    var isFull: Bool { bytes > RunJournal.roomInBytes }
    /// Whether nothing of it was taken yet.
    var isNew: Bool { next == 1 }
    /// Whether something is still to be written, and can be.
    var isWaitedFor: Bool { underWay != nil || (!events.isEmpty && failure == nil) }
    /// The number of the first event that is not stored.
    var firstUnwritten: Int { underWay ?? next }

    /// Text that follows text becomes one event with it.
    mutating func add(_ event: AnswerEvent) {
        if case .content(let text) = event, case .content(let before)? = events.last {
            events[events.count - 1] = .content(before + text)
            bytes += text.utf8.count
        } else {
            events.append(event)
            bytes += event.size
        }
    }

    /// What is to be written next; nil where nothing is.
    mutating func take() -> JournalPortion? {
        guard !events.isEmpty, failure == nil else { return nil }
        let portion = JournalPortion(run: run, first: next, events)
        underWay = next
        next += events.count
        events = []
        bytes = 0
        return portion
    }

    mutating func settle(_ portion: JournalPortion, _ outcome: JournalOutcome) {
        switch outcome {
        case .stored: break
        case .lost: fail(RunLost(), at: portion.events[0].number)
        case .failed(let error): fail(error, at: portion.events[0].number)
        }
        underWay = nil
    }

    private mutating func fail(_ error: any Error, at number: Int) {
        failure = error
        next = number
        events = []
        bytes = 0
    }

    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        defer { waiters = [] }
        return waiters
    }
}

extension AnswerEvent {
    /// The event as one JSON object.
    var json: String {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }
}
