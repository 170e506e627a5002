package import Database
package import Hummingbird
package import Logging
package import Providers

/// The HTTP face: what the routes need, and the router that serves them.
package struct API: Sendable {
    /// The largest JSON body, in bytes.
    static let maximumBodyBytes = 1 << 20

    let database: Database
    let ask: Ask
    let runs: RunHost
    let retriever: Retriever
    let ingest: Ingest
    let recordings: RecordingIntake
    let youtube: YouTubeIntake
    let queue: JobQueue
    let cron: Cron
    let embedder: Embedder
    /// Origins of other web pages that may call.
    let allowedOrigins: Set<String>
    let maximumUploadBytes: Int
    let streamTiming: StreamTiming
    /// The streams that follow jobs.
    let followers: OpenStreams
    let logger: Logger

    /// - Parameters:
    ///   - allowedOrigins: origins (`https://example.org`) of web pages that may call, besides the server's own.
    ///   - maximumUploadBytes: the largest file that is taken.
    ///   - maximumFollowers: how many streams may follow jobs at a time.
    package init(
        database: Database, ask: Ask, runs: RunHost, retriever: Retriever, ingest: Ingest,
        recordings: RecordingIntake, youtube: YouTubeIntake, queue: JobQueue, cron: Cron, embedder: Embedder,
        allowedOrigins: [String], maximumUploadBytes: Int,
        streamTiming: StreamTiming = StreamTiming(), maximumFollowers: Int = OpenStreams.usualMaximum, logger: Logger
    ) {
        self.database = database
        self.ask = ask
        self.runs = runs
        self.retriever = retriever
        self.ingest = ingest
        self.recordings = recordings
        self.youtube = youtube
        self.queue = queue
        self.cron = cron
        self.embedder = embedder
        self.allowedOrigins = Set(allowedOrigins.map(CallingPage.normalised))
        self.maximumUploadBytes = maximumUploadBytes
        self.streamTiming = streamTiming
        followers = OpenStreams(maximum: maximumFollowers)
        self.logger = logger
    }

    /// All routes with what goes around each of them.
    package func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AnswerHeaders())
        router.add(middleware: CrossOrigin(allowedOrigins: allowedOrigins))
        router.add(middleware: Problems())
        router.add(middleware: OpenAIErrors())
        router.add(middleware: LocalCallersOnly(allowedOrigins: allowedOrigins))
        addRoutes(to: router)
        router.refuseOtherMethods()
        return router
    }
}
