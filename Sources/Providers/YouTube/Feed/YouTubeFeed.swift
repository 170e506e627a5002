/// The feeds of channels and lists: the newest 15 videos, without a key and without units. That is how new videos are
/// noticed.
public struct YouTubeFeed: Sendable {
    /// Where the feeds are, and how long they are waited for.
    public struct Configuration: Sendable, YouTubeServiceConfiguration {
        /// Up to and without `?channel_id=`.
        public var baseURL = YouTubeFeed.officialURL
        /// For making a connection.
        public var connectTimeout = Duration.seconds(10)
        /// For one attempt, from sending to the last byte of the answer.
        public var requestTimeout = Duration.seconds(20)
        /// A longer feed is not read: real ones have up to 100 kB.
        public var maximumAnswerBytes = 2 << 20
        /// The most connections at a time.
        public var maximumConnections = 4
        /// When to try again.
        public var retry = RetryPolicy(
            maximumAttempts: 3, firstDelay: .seconds(2), maximumDelay: .seconds(30), maximumTotal: .seconds(90))

        /// Creates a configuration with the default limits.
        public init() {}
    }

    /// Whose feed.
    public enum Source: Sendable, Hashable {
        /// All that a channel has published.
        case channel(YouTubeChannelID)
        /// The first entries of a list.
        case playlist(YouTubePlaylistID)

        var query: String {
            switch self {
            case .channel(let id): "?channel_id=\(id)"
            case .playlist(let id): "?playlist_id=\(id)"
            }
        }
    }

    /// Where YouTube has them.
    public static let officialURL = "https://www.youtube.com/feeds/videos.xml"
    /// As it stands in sentences, behind "the".
    static let name = "feed of YouTube"

    private let connection: YouTubeConnection
    private let attempts: YouTubeAttempts
    private let permission: @Sendable () async throws -> Void

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - permission: Is asked before each request, a repeated one, too; what it throws keeps it from being sent, and
    ///     is thrown on. All requests to YouTube's pages share one budget, which the caller keeps.
    ///   - clock: What the waits between attempts are measured with; a test passes its own.
    ///   - jitter: A random number from 0 to 1.
    public init(
        _ configuration: Configuration = Configuration(),
        permission: @escaping @Sendable () async throws -> Void = {}, clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.permission = permission
        attempts = YouTubeAttempts(policy: configuration.retry, clock: clock, jitter: jitter)
        connection = YouTubeConnection(configuration, name: Self.name, officialURL: Self.officialURL)
    }

    /// Closes the connections; later calls fail with ``ProviderError/Kind/closed``.
    public func close() async { await connection.close() }

    /// The feed as it is now.
    ///
    /// - Parameter known: Of an earlier answer: if the feed is as it was, that is the answer. YouTube does not always
    ///   send any; then the whole feed comes each time.
    /// - Throws: ``YouTubeFeedError``, ``ProviderError``, `CancellationError`, or what `permission` throws.
    public func entries(
        of source: Source, unless known: YouTubeValidators? = nil
    ) async throws -> YouTubeFetch<YouTubeFeedDocument> {
        let headers = [("accept", "application/atom+xml, text/xml")] + (known?.headers ?? [])
        let answer = try await attempts.run(permission: permission) {
            let answer = try await connection.get(source.query, headers: headers)
            switch answer.status {
            case 200: return answer
            case 304 where known != nil: return answer
            case 404, 410: throw YouTubeFeedError.notFound
            // There is no key that could be wrong: this is how some of YouTube's servers say "too many requests".
            case 401, 403:
                throw ProviderError(
                    .rateLimited, "YouTube refuses its feeds for now (HTTP \(answer.status)).",
                    detail: answer.beginning, status: answer.status)
            default: throw answer.error(Self.name)
            }
        }
        if answer.status == 304 { return .unchanged }
        return .fetched(
            try document(answer), YouTubeValidators(etag: answer.etag, lastModified: answer.lastModified))
    }

    private func document(_ answer: YouTubeAnswer) throws -> YouTubeFeedDocument {
        do {
            return try YouTubeFeedDocument(xml: answer.body)
        } catch {
            let what = answer.isWebPage ? "is a web page" : "can't be read: \(error.description)"
            throw ProviderError(
                .invalidResponse, "The \(Self.name) \(what).", detail: answer.beginning, status: answer.status)
        }
    }
}

/// What only a feed can say.
public enum YouTubeFeedError: Error, Sendable, Equatable, CustomStringConvertible {
    /// YouTube has no such channel or list.
    ///
    /// No proof that it is gone: for hours at a time YouTube has answered so for feeds of living channels. Ask the Data
    /// API, or again on another day, before anything is marked as removed.
    case notFound

    /// One sentence that is safe to show.
    public var description: String { "YouTube has no feed for this channel or list, or not at the moment." }
}
