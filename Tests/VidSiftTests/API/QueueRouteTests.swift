import Database
import Foundation
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("The routes of the queue", .timeLimit(.minutes(3)))
struct QueueRouteTests {
    @Test("a video that waits is queued already, and its item is shown", arguments: TestEngine.allCases)
    func alreadyQueued(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (_, job) = try await queue.accept()

            let answer = try await queue.queueVideo(#""videoId":"bread","priority":"high""#)

            #expect(answer.status == 200)
            #expect(try answer.json()["success"] as? Bool == false)
            let item = try #require(try answer.json()["queueItem"] as? [String: Any])
            #expect(item["id"] as? String == job.description)
            #expect(item["kind"] as? String == "index_video")
            #expect(item["status"] as? String == "pending")
            #expect(item["priority"] as? String == "normal")
            #expect(item["position"] as? Int == 1)
            #expect(item["estimatedStart"] is NSNull)
            #expect(item["attempts"] as? Int == 0 && item["maxAttempts"] as? Int == NewJob.usualAttempts)
        }
    }

    @Test("a searchable video is indexed again, and goes on serving", arguments: TestEngine.allCases)
    func again(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let video = try await queue.server.add(Samples.bread, as: "bread.en.vtt")

            let answer = try await queue.queueVideo(#""videoId":"\#(video)","priority":"high""#).json()

            #expect(answer["success"] as? Bool == true)
            let item = try #require(answer["queueItem"] as? [String: Any])
            #expect(item["status"] as? String == "pending" && item["priority"] as? String == "high")
            #expect(try await Video.get(video, on: queue.database)?.state == .ready)
            try await queue.server.library.indexAll()
            let id = try #require(JobID(item["id"] as? String ?? ""))
            #expect(try await queue.item(id)["status"] as? String == "completed")
            #expect(try await PendingIngest.checksum(of: video, on: queue.database) == nil)
            #expect(try await Video.get(video, on: queue.database)?.state == .ready)
        }
    }

    @Test("a failed video is tried again by its own item, with its history", arguments: TestEngine.allCases)
    func failed(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (video, job) = try await queue.accept()
            try await queue.fail(video, because: "the model has refused it")
            #expect(try await queue.item(job)["status"] as? String == "failed")
            #expect(try await queue.item(job)["error"] as? String == "the model has refused it")

            let answer = try await queue.queueVideo(#""videoId":"bread","priority":"low""#).json()

            #expect(answer["success"] as? Bool == true)
            let item = try await queue.item(job)
            #expect(item["status"] as? String == "pending" && item["priority"] as? String == "low")
            let history = try #require(item["history"] as? [[String: Any]])
            #expect(history.map { $0["outcome"] as? String } == ["buried"])
            #expect(try await Video.get(video, on: queue.database)?.state == .pending)
            try await queue.server.library.indexAll()
            #expect(try await Video.get(video, on: queue.database)?.state == .ready)
        }
    }

    @Test("what is wrong with a request is named", arguments: TestEngine.allCases)
    func wrong(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let server = queue.server
            _ = try await queue.accept()
            try await queue.queueVideo("").expectProblem(400, "invalid_request", naming: "videoId")
            try await queue.queueVideo(#""videoId":7"#).expectProblem(400, "invalid_request", naming: "videoId")
            try await queue.queueVideo(#""videoId":"""#).expectProblem(400, "invalid_request", naming: "videoId")
            try await queue.queueVideo(#""videoId":"bread","priority":"now""#)
                .expectProblem(400, "invalid_request", naming: "priority")
            try await queue.queueVideo(#""videoId":"bread","priority":2"#)
                .expectProblem(400, "invalid_request", naming: "priority")
            try await queue.queueVideo(#""videoId":"nothing""#).expectProblem(404, "not_found")
            try await server.post("/api/queue/channel", #"{"channelId":"nothing"}"#).expectProblem(404, "not_found")
            try await server.post("/api/queue/process-videos", #"{"limit":0}"#)
                .expectProblem(400, "invalid_request", naming: "limit")
            try await server.post("/api/queue/process-videos", #"{"limit":"many"}"#)
                .expectProblem(400, "invalid_request", naming: "limit")
            try await server.get("/api/queue/items?state=asleep").expectProblem(400, "invalid_request", naming: "state")
            for id in ["nothing", JobID().description, "%00"] {
                try await server.get("/api/queue/items/\(id)").expectProblem(404, "not_found")
                try await server.get("/api/queue/position/\(id)").expectProblem(404, "not_found")
                try await server.get("/api/queue/items/\(id)/events").expectProblem(404, "not_found")
                try await server.post("/api/queue/items/\(id)/cancel", "").expectProblem(404, "not_found")
                try await server.post("/api/queue/items/\(id)/retry", "").expectProblem(404, "not_found")
            }
            try await server.get("/api/channels/nothing/status").expectProblem(404, "not_found")
            try await server.get("/api/channels/nothing/events").expectProblem(404, "not_found")
        }
    }

    @Test(
        "the position counts those before, and the start is estimated where it can be", arguments: TestEngine.allCases)
    func position(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let measured = try await queue.accept(Samples.tides, as: "tides.en.vtt").job
            try await queue.complete(try await queue.claim())
            #expect(try await queue.item(measured)["status"] as? String == "completed")
            var jobs: [JobID] = []
            for name in ["a.en.vtt", "b.en.vtt", "c.en.vtt"] {
                jobs.append(try await queue.accept(Samples.bread + "\n\n\(name)", as: name).job)
            }
            func position(_ job: JobID) async throws -> [String: Any] {
                try await queue.server.get("/api/queue/position/\(job)").json()
            }
            var positions: [Int?] = []
            for job in jobs { positions.append(try await position(job)["position"] as? Int) }
            #expect(positions == [1, 2, 3])
            #expect(try await position(jobs[2])["estimatedStart"] is NSNull, "nobody works")

            try await queue.database.execute(
                WorkerPresence.sign(of: WorkerID(), name: "test", slots: [IndexVideoJob.kind: 2]))

            #expect(try await position(jobs[2])["estimatedStart"] is String)
            let listed = try await queue.server.get("/api/queue/items?state=pending").list("items")
            #expect(listed.map { $0["position"] as? Int } == [1, 2, 3])
            #expect(listed.map { $0["id"] as? String } == jobs.map(\.description))
            #expect(listed.allSatisfy { $0["estimatedStart"] is String })
            _ = try await queue.claim()
            let running = try await position(jobs[0])
            #expect(running["position"] as? Int == 0 && running["inQueue"] as? Bool == false)
            #expect(running["status"] as? String == "processing")
            #expect(try await position(jobs[2])["position"] as? Int == 2)
        }
    }

    @Test("what waits is cancelled at once, and can be had again", arguments: TestEngine.allCases)
    func cancel(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (_, job) = try await queue.accept()

            let cancelled = try await queue.server.post("/api/queue/items/\(job)/cancel", "").json()

            #expect(cancelled["success"] as? Bool == true)
            #expect((cancelled["queueItem"] as? [String: Any])?["status"] as? String == "cancelled")
            let again = try await queue.server.post("/api/queue/items/\(job)/cancel", "").json()
            #expect(again["success"] as? Bool == false)
            let ended = try await queue.server.get("/api/queue/items?state=cancelled&kind=index_video").list("items")
            #expect(ended.map { $0["id"] as? String } == [job.description])

            let retried = try await queue.server.post("/api/queue/items/\(job)/retry", "").json()

            #expect(retried["success"] as? Bool == true)
            #expect((retried["queueItem"] as? [String: Any])?["status"] as? String == "pending")
            #expect(
                try await queue.server.post("/api/queue/items/\(job)/retry", "").json()["success"] as? Bool == false)
        }
    }

    @Test("what runs is told to stop, and what was done is not repeated", arguments: TestEngine.allCases)
    func cancelRunning(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (_, job) = try await queue.accept()
            let held = try await queue.claim()

            let answer = try await queue.server.post("/api/queue/items/\(job)/cancel", "").json()

            #expect(answer["success"] as? Bool == true)
            let item = try #require(answer["queueItem"] as? [String: Any])
            #expect(item["status"] as? String == "processing" && item["cancelRequested"] as? Bool == true)
            try await queue.complete(held)
            let retried = try await queue.server.post("/api/queue/items/\(job)/retry", "").json()
            #expect(retried["success"] as? Bool == false)
            #expect((retried["queueItem"] as? [String: Any])?["status"] as? String == "completed")
        }
    }

    @Test("the status and the readiness count what is there", arguments: TestEngine.allCases)
    func status(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            try await queue.server.add(Samples.tides, as: "tides.en.vtt", channel: "Sea")
            _ = try await queue.accept(channel: "Baking")

            let status = try #require(
                try await queue.server.get("/api/queue/status").json()["status"] as? [String: Any])

            #expect(
                status["videos"] as? [String: Int] == [
                    "queued": 1, "pending": 1, "processing": 0, "completed": 1, "failed": 0,
                ])
            #expect(
                status["channels"] as? [String: Int] == [
                    "pending": 1, "processing": 0, "completed": 1, "failed": 0,
                ])
            #expect(status["workers"] as? Int == 0)
            #expect(status["oldestPendingSeconds"] is Double)
            #expect(status["throughputPerMinute"] as? Double == 0.2)
            let processed = try await queue.server.send(.POST, "/api/queue/process-videos").json()
            #expect(processed["processed"] as? Int == 1)

            let ready = try await queue.server.get("/readyz")
            #expect(ready.status == 200)
            let checks = try #require(try ready.json()["checks"] as? [String: [String: Any]])
            #expect(checks["queue"]?["pending"] as? Int == 1 && checks["queue"]?["workers"] as? Int == 0)
            #expect(checks["queue"]?["unknownKinds"] as? [String] == ["index_video"])
        }
    }

    @Test("a channel's videos are queued together, and its status follows them", arguments: TestEngine.allCases)
    func channel(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            try await queue.server.add(Samples.tides, as: "tides.en.vtt", channel: "Talks")
            let failed = try await queue.accept(channel: "Talks").video
            try await queue.fail(failed, because: "no luck")
            func work() async throws -> [String: Any] {
                try #require(
                    try await queue.server.get("/api/channels/Talks/status").json()["queue"] as? [String: Any])
            }
            let before = try await work()
            #expect(before["status"] as? String == "completed" && before["error_message"] as? String == "no luck")
            #expect(before["videos_processed"] as? Int == 1 && before["videos_failed"] as? Int == 1)
            #expect(before["completed_at"] is String && before["current_video_index"] is NSNull)

            let answer = try await queue.server.post("/api/queue/channel", #"{"channelId":"Talks"}"#).json()

            #expect(answer["success"] as? Bool == true && answer["queued"] as? Int == 2)
            let again = try await queue.server.post("/api/queue/channel", #"{"channelId":"Talks"}"#).json()
            #expect(again["success"] as? Bool == false && again["alreadyQueued"] as? Int == 2)
            #expect(try await work()["status"] as? String == "pending")
            _ = try await queue.claim()
            let during = try await work()
            #expect(during["status"] as? String == "processing" && during["total_videos"] as? Int == 2)
            #expect(during["current_video_title"] is String && during["current_video_index"] as? Int == 1)
            #expect(during["started_at"] is String && during["completed_at"] is NSNull)
        }
    }

    @Test("the tasks of the clock are shown, and one can be started", arguments: TestEngine.allCases)
    func clock(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let started = try await queue.server.post("/api/monitor/trigger-cron", #"{"job":"sweep"}"#)
            #expect(try started.json()["triggered"] as? [String] == ["sweep"])
            try await queue.server.post("/api/monitor/trigger-cron", #"{"job":"nap"}"#)
                .expectProblem(404, "not_found", naming: "nap")
            try await queue.server.post("/api/monitor/trigger-cron", #"{"job":1}"#)
                .expectProblem(400, "invalid_request", naming: "job")
            try await queue.server.library.indexAll()

            let status = try await queue.server.get("/api/cron/status")

            let sweep = try #require(try status.list("jobs").first { $0["name"] as? String == "sweep" })
            #expect(sweep["lastStatus"] as? String == "completed" && sweep["averageMs"] is Double)
            #expect(sweep["nextRun"] is String && sweep["late"] as? Bool == false)
            let recent = try status.list("recentJobs")
            #expect(recent.map { $0["name"] as? String } == ["sweep"])
            let stats = try status.json()["stats"] as? [String: [String: Int]]
            #expect(stats?["job"] == ["total": 1, "completed": 1, "failed": 0])
        }
    }

    @Test("what somebody has asked for is his own and the administrator's business")
    func callers() {
        #expect(Caller.owner.mayManage(requester: "ann") && Caller.owner.mayManage(requester: ""))
        #expect(Caller(id: "ann").mayManage(requester: "ann"))
        #expect(!Caller(id: "ann").mayManage(requester: "bob") && !Caller(id: "ann").mayManage(requester: ""))
        #expect(throws: Problem.self) { try Caller(id: "ann").requireAdministrator() }
    }
}
