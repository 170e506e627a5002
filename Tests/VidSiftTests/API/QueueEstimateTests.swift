import Foundation
import Testing

@testable import VidSift

@Suite("When a job will probably begin")
struct QueueEstimateTests {
    @Test(
        "those before it, times what one takes, over the places",
        arguments: [(1, 4, 1, 4), (3, 4, 1, 12), (3, 4, 2, 6), (10, 6, 4, 15)])
    func estimate(jobs: Int, usual: Int, places: Int, expected: Int) {
        let pace = WorkPace(usual: .seconds(usual), places: places)
        #expect(pace.time(for: jobs) == .seconds(expected))
    }

    @Test("nothing is said where nothing was measured, nobody works, or nothing waits")
    func unknown() {
        #expect(WorkPace(usual: nil, places: 2).time(for: 3) == nil)
        #expect(WorkPace(usual: .seconds(1), places: 0).time(for: 3) == nil)
        #expect(WorkPace(usual: .seconds(1), places: 1).time(for: 0) == nil)
    }

    @Test("a change of the estimate alone is no change of the item")
    func sameness() {
        let now = Date(timeIntervalSince1970: 1_000_000)
        let waiting = QueueItem(
            id: JobID(), kind: IndexVideoJob.kind, subject: "a", requester: "", status: .pending, priority: .normal,
            attempts: 0, maximumAttempts: 1, createdAt: now)
        var (one, two, three) = (waiting, waiting, waiting)
        one.wait(at: 2, pace: WorkPace(usual: .seconds(4), places: 1), now: now)
        two.wait(at: 2, pace: WorkPace(usual: .seconds(5), places: 1), now: now)
        three.wait(at: 1, pace: WorkPace(usual: .seconds(4), places: 1), now: now)
        #expect(one.estimatedStart == now.addingTimeInterval(8))
        #expect(one.isSame(as: two) && !one.isSame(as: three))
    }

    @Test("each state of a job has one name, which leads back to it")
    func names() {
        for state in JobState.allCases { #expect(QueueItem.Status(state).open == state) }
        for state in ArchivedJob.State.allCases { #expect(QueueItem.Status(state).ended == state) }
        #expect(QueueItem.Status.allCases.allSatisfy { ($0.open == nil) != ($0.ended == nil) })
    }
}
