import Database
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

/// Clients that upload and ask without a pause, and remember what was acknowledged, what was refused, and what should
/// never have been answered.
final class RequestLoad: Sendable {
    private let server: TestServer
    private let state = Mutex(State())

    private struct State {
        var next = 0
        var uploads: [VideoID] = []
        var answers = 0
        var refusals = 0
        var wrong: [String] = []
        var isOver = false
    }

    /// What a client makes of an answer.
    private enum Judgement {
        case uploaded(VideoID)
        case answered
        /// To be tried again.
        case refused
        case wrong(String)
    }

    private static let clientsOfAKind = 2
    /// How long a client waits before its next request.
    private static let pause = Duration.milliseconds(10)

    private init(_ server: TestServer) {
        self.server = server
    }

    /// Runs the closure while clients send requests; checks afterwards that each was answered as it may be, and that
    /// whatever was acknowledged is there and gets indexed by itself.
    static func run(on server: TestServer, _ body: @Sendable (RequestLoad) async throws -> Void) async throws {
        let load = RequestLoad(server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clientsOfAKind {
                group.addTask { try await load.repeating { try await load.upload($0) } }
                group.addTask { try await load.repeating { _ in try await load.search() } }
                group.addTask { try await load.repeating { _ in try await load.ask() } }
            }
            defer { load.state.withLock { $0.isOver = true } }
            try await body(load)
        }
        try await load.check()
    }

    /// Waits until so many more uploads were acknowledged and so many more questions answered.
    func waitForMore(_ count: Int, within limit: Duration = .seconds(60)) async throws {
        let (uploads, answers) = state.withLock { ($0.uploads.count + count, $0.answers + count) }
        try await eventually("\(count) more uploads and answers", within: limit) {
            state.withLock { $0.uploads.count >= uploads && $0.answers >= answers }
        }
    }

    /// Waits until each client may have been refused once.
    func waitForRefusals() async throws {
        let refusals = state.withLock { $0.refusals } + 3 * Self.clientsOfAKind
        try await eventually("refusals") { state.withLock { $0.refusals >= refusals } }
    }

    // MARK: - Clients

    private func repeating(_ request: (Int) async throws -> Judgement) async throws {
        while !state.withLock({ $0.isOver }) {
            let number = state.withLock { state in
                state.next += 1
                return state.next
            }
            do {
                take(try await request(number))
            } catch {
                take(.wrong("no answer: \(error)"))
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func take(_ judgement: Judgement) {
        state.withLock { state in
            switch judgement {
            case .uploaded(let video): state.uploads.append(video)
            case .answered: state.answers += 1
            case .refused: state.refusals += 1
            case .wrong(let answer): state.wrong.append(answer)
            }
        }
    }

    private func upload(_ number: Int) async throws -> Judgement {
        let captions = SampleTalks.vtt([
            "Talk number \(number) is about harbour \(number * 7).", "It has two sentences.",
        ])
        let answer = try await server.upload(captions, as: "talk-\(number).vtt")
        guard answer.status == 202, let id = try answer.json()["videoId"] as? String, let video = VideoID(id) else {
            return Self.failure(answer)
        }
        return .uploaded(video)
    }

    private func search() async throws -> Judgement {
        let answer = try await server.get("/api/search?q=harbour")
        return answer.status == 200 ? .answered : Self.failure(answer)
    }

    private func ask() async throws -> Judgement {
        let answer = try await server.ask("Which talk is about a harbour?")
        guard answer.status == 200 else { return Self.failure(answer) }
        guard let last = try answer.events().last else { return .wrong("an empty stream") }
        if last["type"] as? String == "done" { return .answered }
        let isRetryable = last["retryable"] as? Bool == true && last["code"] as? String == "not_ready"
        return isRetryable ? .refused : .wrong(answer.text)
    }

    private static func failure(_ answer: Answer) -> Judgement {
        let problem = try? answer.json()
        let isRetryable = problem?["retryable"] as? Bool == true && problem?["code"] as? String == "not_ready"
        return answer.status == 503 && isRetryable ? .refused : .wrong("\(answer.status) \(answer.text)")
    }

    // MARK: - What must be so in the end

    private func check() async throws {
        let (uploads, wrong) = state.withLock { ($0.uploads, $0.wrong) }
        #expect(wrong.isEmpty)
        let database = server.components.database
        try await eventually("all are indexed") { try await PendingIngest.count(on: database) == 0 }
        for video in uploads {
            let found = try await Video.get(video, on: database)
            #expect(found?.state == .ready, "an acknowledged upload is lost: \(video)")
        }
        #expect(try await server.get("/api/search?q=harbour").list("hits").isEmpty == uploads.isEmpty)
    }
}
