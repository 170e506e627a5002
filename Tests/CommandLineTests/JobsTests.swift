import Database
import Foundation
import TestDatabases
import Testing

@Suite("vidsift jobs", .timeLimit(.minutes(2)))
struct JobsTests {
    @Test("a job that was given up is listed, shown with its history, and retried", arguments: TestEngine.allCases)
    func givenUp(engine: TestEngine) async throws {
        let library = try await QueueLibrary(engine)
        let job = try await library.addBuried("the microphone\twas off")

        let list = try await library.run("jobs", "list")
        let json = try await library.run("--json", "jobs", "list", "--state", "failed", "cancelled").list("jobs")
        let show = try await library.run("jobs", "show", job)
        let details = try await library.run("jobs", "show", job, "--json").json
        let doctor = try await library.run("doctor")
        let retried = try await library.run("jobs", "retry", job)
        let again = try await library.run("jobs", "retry", job, "--json").list("jobs")
        let after = try await library.run("jobs", "show", job, "--json").json

        let expected = "\(job)\tfailed\tindex_video\t\(QueueLibrary.subject)\t2/3\t-\tthe microphone was off\n"
        #expect(list.status == 0 && list.output == expected, "\(list)")
        #expect(json.count == 1 && json[0]["state"] as? String == "failed" && json[0]["id"] as? String == job)
        #expect(json[0]["error"] as? String == "the microphone\twas off")
        #expect(show.output.contains("state\tfailed\n") && show.output.contains("\nattempt\tburied\t"), "\(show)")
        #expect((details["history"] as? [[String: Any]])?.first?["outcome"] as? String == "buried")
        #expect((details["children"] as? [String: Any])?["open"] as? Int == 0)
        #expect(doctor.output.contains("1 of index_video: the microphone was off"), "\(doctor.output)")
        #expect(retried.status == 0 && retried.output == "queued\t\(job)\n", "\(retried)")
        #expect(retried.errors.contains("nobody works"), "\(retried.errors)")
        #expect(again.first?["outcome"] as? String == "already")
        #expect(after["state"] as? String == "pending" && after["position"] as? Int == 1)
    }

    @Test("a job that has not begun is cancelled; one that has ended is not", arguments: TestEngine.allCases)
    func cancels(engine: TestEngine) async throws {
        let library = try await QueueLibrary(engine)
        let job = try await library.addBuried("no")
        try await library.run("jobs", "retry", job)

        let first = try await library.run("jobs", "cancel", job)
        let second = try await library.run("jobs", "cancel", job)
        let list = try await library.run("jobs", "list", "--state", "cancelled", "--json").list("jobs")

        #expect(first.status == 0 && first.output == "cancelled\t\(job)\n", "\(first)")
        #expect(second.status == 1 && second.errors.contains("has ended already: cancelled"), "\(second)")
        #expect(list.compactMap { $0["id"] as? String } == [job])
    }

    @Test("classes of what was given up are told, and one is put back to work", arguments: TestEngine.allCases)
    func redrives(engine: TestEngine) async throws {
        let library = try await QueueLibrary(engine)
        for _ in 0..<3 { try await library.addBuried("full", subject: UUID().uuidString.lowercased()) }
        try await library.addBuried("torn")

        let classes = try await library.run("jobs", "redrive")
        let json = try await library.run("jobs", "redrive", "--json").list("classes")
        let wrong = try await library.run("jobs", "redrive", "--reason", "full")
        let full = try await library.run("jobs", "redrive", "--kind", "index_video", "--reason", "full")
        let none = try await library.run("jobs", "redrive", "--kind", "index_video", "--reason", "full", "--json")
        let rest = try await library.run("jobs", "redrive", "--json").list("classes")

        #expect(classes.output == "3\tindex_video\tfull\n1\tindex_video\ttorn\n", "\(classes)")
        #expect(json.compactMap { $0["jobs"] as? Int } == [3, 1])
        #expect(wrong.status == 64 && wrong.errors.contains("--reason needs a --kind"))
        #expect(full.status == 0 && full.output == "redriven\t3\n", "\(full)")
        #expect(none.output == "{\"redriven\":0}\n")
        #expect(rest.compactMap { $0["reason"] as? String } == ["torn"])
    }

    @Test("an id of no job and what is no id are told in a line, and nothing else is done then")
    func wrongIDs() async throws {
        let library = try await QueueLibrary(.sqlite)
        let job = try await library.addBuried("no")
        let unknown = "01900000-0000-7000-8000-000000000000"

        let shown = try await library.run("jobs", "show", unknown)
        let malformed = try await library.run("jobs", "retry", job, "seven")
        let mixed = try await library.run("jobs", "retry", unknown, job, "--json")
        let cancelled = try await library.run("jobs", "cancel", unknown)
        let state = try await library.run("jobs", "list", "--state", "asleep")

        #expect(shown.status == 1 && shown.errors == "error: There is no job \(unknown).\n")
        #expect(malformed.status == 1 && malformed.output.isEmpty, "\(malformed)")
        #expect(malformed.errors.hasPrefix("error: \"seven\" is not the id of a job"))
        let outcomes = try mixed.list("jobs").compactMap { $0["outcome"] as? String }
        #expect(mixed.status == 1 && outcomes == ["unknown", "queued"], "\(mixed)")
        #expect(cancelled.status == 1 && cancelled.errors.contains("There is no job"))
        #expect(state.status == 64)
    }
}
