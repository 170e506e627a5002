internal import ArgumentParser
internal import Database
internal import Logging
internal import ServiceLifecycle
internal import VidSift

/// Offers jobs and works until none is left, or for ever.
struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "work", abstract: "Offers jobs and works.")

    @OptionGroup var place: Place
    @Option(help: "Jobs to offer: a list of atomic, fenced, retried, parent.") var offer = ""
    @Option(help: "What the subjects of these jobs begin with.") var prefix = "job"
    @Option(help: "How many children a parent has.") var children = 2
    @Option(help: "Offer such a list again and again, and keep about so many jobs open.") var load = 0
    @Flag(help: "Don't end when no job is left.") var forever = false
    @Option(help: "Kill this process there, e.g. 'after COMMIT#2'.") var killAt: String?
    @Flag(help: "Tell of each point that is passed.") var tellPoints = false
    @Option(help: "Where handlers stand still: never, before, inside.") var holdAt = "never"
    @Option(help: "For how many seconds.") var hold = 0.0
    @Option(help: "The lease in seconds; 0: all times as the program has them.") var lease = 0.6
    @Flag(help: "Work without the lock of the folder.") var unlocked = false

    func run() async throws {
        let points = Points(chosen: killAt, areTold: tellPoints)
        let isCounted = killAt != nil || tellPoints
        let database = isCounted ? try place.open(counting: points) : try await place.open()
        let bell = JobBell()
        let hold = Hold(step: Hold.Step(rawValue: holdAt) ?? .never, time: .seconds(hold))
        let handlers = SubjectHandlers(database: database, points: points, hold: hold)
        let worker = Worker(
            database: database, bindings: handlers.bindings, bell: bell, lockPath: unlocked ? nil : place.lockPath,
            timing: timing, logger: .subject)
        let offering = Offering(database: database, bell: bell, prefix: prefix, children: children)
        try await offering.offer(kinds)
        let rest = Rest(
            observer: try await place.open(), offering: load > 0 ? offering : nil, load: load, kinds: try kinds,
            isEndless: forever)
        Announcement.say("working")
        try await ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: worker),
                    .init(service: rest, successTerminationBehavior: .gracefullyShutdownGroup),
                ], logger: .subject)
        ).run()
        try await database.close()
    }

    private var kinds: [OfferedJob] {
        get throws {
            try offer.split(separator: ",").map { name in
                guard let kind = OfferedJob.allCases.first(where: { "\($0)" == name }) else {
                    throw ValidationError("\(name) is no kind of job")
                }
                return kind
            }
        }
    }

    /// In the proportions of the usual times.
    private var timing: WorkerTiming {
        guard lease > 0 else { return WorkerTiming() }
        return WorkerTiming(
            lease: .seconds(lease), heartbeat: .seconds(lease / 4), poll: .seconds(lease / 6), grace: .seconds(lease),
            abandon: .seconds(lease))
    }
}

/// Writes jobs down, and says so once that is committed.
struct Offering: Sendable {
    let database: Database
    let bell: JobBell
    let prefix: String
    let children: Int

    func offer(_ kinds: [OfferedJob], round: Int = 0) async throws {
        for (number, kind) in kinds.enumerated() {
            let job = try kind.job("\(prefix).\(round).\(number)", children: children)
            let isNew = try await database.transaction { try await job.enqueue(on: $0).isNew }
            if isNew { Announcement.say("accepted", "\(job.kind.rawValue):\(job.subject)") }
            bell.announce()
        }
    }
}

/// Ends when no job is left, and offers more as long as it is to.
struct Rest: Service {
    /// Not counted, so that looking changes nothing.
    let observer: Database
    let offering: Offering?
    let load: Int
    let kinds: [OfferedJob]
    let isEndless: Bool

    private static let pause = Duration.milliseconds(5)

    func run() async throws {
        let start = ContinuousClock.now
        var round = 0
        while true {
            let open = try await observer.value("SELECT count(*) FROM jobs", as: Int.self) ?? 0
            if let offering, open < load {
                round += 1
                try await offering.offer(kinds, round: round)
                continue
            }
            if open == 0, !isEndless { break }
            try await Task.sleep(for: Self.pause)
        }
        Announcement.say("drained", "\((ContinuousClock.now - start) / .seconds(1))")
        try await observer.close()
    }
}
