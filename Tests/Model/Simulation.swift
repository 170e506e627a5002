import VidSift

/// Workers, a database and everything that can go wrong between them, in an order that a seed decides.
final class Simulation {
    static let timing = WorkerTiming(
        lease: .seconds(6), heartbeat: .milliseconds(1_500), poll: .seconds(1), grace: .milliseconds(2_000),
        abandon: .milliseconds(1_000))
    static let policy = RetryPolicy(first: .milliseconds(500), longest: .seconds(2), maximumCrashes: 5)
    static let kinds = [JobKind(rawValue: "a"), JobKind(rawValue: "b")]
    static let slots = [kinds[0]: 2, kinds[1]: 1]
    static let timeLimit = Duration.seconds(8)
    static let lease = timing.lease.milliseconds
    /// How often a worker compares leases with its clock.
    static let watch = 250
    /// From when on a request was on its way for unusually long.
    static let heldUp = 100
    /// When faults end, and by when everything must have ended after that.
    static let faultsUntil = 12_000
    static let patience = 60_000
    static let ids: [JobID] = (0..<64).map { number in
        let digits = String(number)
        let text = "00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        guard let id = JobID(text) else { fatalError("\(text) is no id") }
        return id
    }

    let mutation: Mutation?
    let values = RealValues()
    var random: SeededGenerator
    var events = EventQueue()
    var workers: [SimulatedWorker] = []
    var queue = ModelQueue()
    /// What a crash of the database leaves.
    var durable = ModelQueue()
    var durableAt = 0
    var ledger = Ledger()
    /// Rows that an open transaction has locked, with the handler's worker, life and number.
    var locks: [JobID: Lock] = [:]
    var epoch = 0
    var stalledUntil = 0
    var now = 0
    var steps = 0
    var isCalm = false
    var isTraced = false
    var trace: [String] = []
    private var eventNumber = 0
    private var handlerNumber = 0
    private var jobCount = 0
    var lossPercent = 0

    struct Lock {
        var worker: Int
        var life: Int
        var handler: Int
    }

    init(seed: UInt64, mutation: Mutation? = nil, isTraced: Bool = false) {
        random = SeededGenerator(seed: seed)
        self.mutation = mutation
        self.isTraced = isTraced
        queue.mutation = mutation
        durable = queue
        prepare()
    }

    /// Runs to the end.
    ///
    /// - Returns: the first rule that was broken.
    func run() -> String? {
        while let event = events.pop() {
            now = event.time
            queue.now = now
            steps += 1
            if now > Self.faultsUntil + Self.patience {
                return "at \(now): stuck: \(queue.rows.map { "\($0.subject) \($0.state)" })"
            }
            take(event)
            if let violation = ledger.violation { return "at \(now): \(violation)" }
            if isCalm, queue.rows.isEmpty, ledger.expected == jobCount { break }
        }
        return queue.rows.isEmpty ? ledger.atEnd(queue) : "nothing happens any more: \(queue.rows.map(\.subject))"
    }

    func nextHandler() -> Int {
        handlerNumber += 1
        return handlerNumber
    }

    func push(_ what: Event.What, after delay: Int, worker: Int = -1) {
        eventNumber += 1
        let life = worker >= 0 ? workers[worker].life : 0
        events.push(Event(time: now + delay, number: eventNumber, worker: worker, life: life, what: what))
    }

    private func prepare() {
        let count = random.between(2, 4)
        for index in 0..<count {
            workers.append(newWorker(index, life: 0))
            push(.wake, after: random.below(500), worker: index)
            push(.beat, after: random.below(500), worker: index)
        }
        jobCount = random.between(2, 5)
        for job in 0..<jobCount { push(.enqueue(job), after: random.below(4_000)) }
        if random.isHit(30) { push(.cancelJob(random.below(jobCount)), after: random.below(9_000)) }
        lossPercent = random.isHit(50) ? random.between(1, 15) : 0
        for _ in 0..<random.below(4) { planFault(count) }
        push(.calm, after: Self.faultsUntil)
    }

    private func planFault(_ count: Int) {
        let at = random.below(Self.faultsUntil - 1_000)
        let worker = random.below(count)
        switch random.below(6) {
        case 0: push(.crash, after: at, worker: worker)
        case 1, 2: push(.pause(random.between(1_000, 12_000)), after: at, worker: worker)
        case 3: push(.stall(random.between(500, 9_000)), after: at)
        case 4: push(.databaseRestart, after: at)
        default: push(.stop, after: at, worker: worker)
        }
    }

    func newWorker(_ index: Int, life: Int) -> SimulatedWorker {
        let offset = random.isHit(20) ? Duration.seconds(3_600) : .zero
        return SimulatedWorker(
            name: "w\(index).\(life)", life: life, clockOffset: offset, slots: Self.slots, timing: Self.timing)
    }

    func note(_ text: @autoclosure () -> String) {
        if isTraced { trace.append("\(now) \(text())") }
    }

    // MARK: - Events

    private func take(_ event: Event) {
        guard event.worker >= 0 else { return takeCommon(event.what) }
        let index = event.worker
        if case .arrival(let request, let epoch) = event.what {
            return arrive(request, from: index, life: event.life, epoch: epoch)
        }
        if case .restart = event.what { return restart(index) }
        guard workers[index].life == event.life, workers[index].isAlive else { return }
        if let until = workers[index].pausedUntil, until > now {
            return push(event.what, after: until - now + random.below(20), worker: index)
        }
        takeWorkers(event.what, index)
    }

    private func takeCommon(_ what: Event.What) {
        switch what {
        case .enqueue(let job): enqueue(job)
        case .cancelJob(let job): cancel(job)
        case .stall(let length):
            note("the database stalls for \(length)")
            stalledUntil = max(stalledUntil, now + length)
        case .databaseRestart: restartDatabase()
        case .calm:
            isCalm = true
            lossPercent = 0
            for index in workers.indices where !workers[index].isAlive || workers[index].board.isStopping {
                push(.restart, after: 100, worker: index)
            }
        default: break
        }
    }

    private func takeWorkers(_ what: Event.What, _ index: Int) {
        switch what {
        case .answer(let request, let answer, let epoch):
            receive(epoch == self.epoch ? answer : .failed, to: request, index)
        case .wake: wake(index)
        case .beat: beat(index)
        case .watch: watch(index)
        case .writeEnds: writeEnds(index)
        case .handlerReady(let number): handlerReady(number, index)
        case .handlerStopped(let number): handlerEnds(number, .failure(CancellationError()), index)
        case .abandon(let number): result(.failure(CancellationError()), of: number, index)
        case .settle(let number, let transition): send(.settle(handler: number, transition), index)
        case .completeAgain(let numbers): completeAll(numbers, index)
        case .commit(let number): send(.commit(handler: number), index)
        case .crash: crash(index)
        case .pause(let length): suspend(index, for: length)
        case .stop:
            note("\(workers[index].name) is told to stop")
            workers[index].board.beginStopping()
            push(.stopAll, after: Self.timing.grace.milliseconds, worker: index)
            nudge(index)
        case .stopAll: obey(workers[index].board.stopAll(), index)
        default: break
        }
    }
}
