public import Foundation

/// YouTube's Data API v3: finds channels and lists, walks through lists, and tells about videos.
///
/// Each request is asked for at the ``QuotaGate`` before it is sent, each attempt of it anew. Failures that can pass
/// are tried again as ``RetryPolicy`` says; the end of a day's units is not
/// (``YouTubeAPIError/quotaExceeded(resetsAt:)``).
public struct YouTubeDataAPI: Sendable {
    /// Where the API is, and how long it is waited for.
    public struct Configuration: Sendable, YouTubeServiceConfiguration {
        /// Up to and without `/channels`.
        public var baseURL = YouTubeDataAPI.officialURL
        /// Sent in a header, so that it stands in no address.
        public var key: Secret
        /// For making a connection.
        public var connectTimeout = Duration.seconds(10)
        /// For one attempt, from sending to the last byte of the answer.
        public var requestTimeout = Duration.seconds(30)
        /// A longer answer is not read.
        public var maximumAnswerBytes = 8 << 20
        /// The most connections at a time.
        public var maximumConnections = 8
        /// When to try again: each attempt costs units.
        public var retry = RetryPolicy(
            maximumAttempts: 4, firstDelay: .seconds(1), maximumDelay: .seconds(20), maximumTotal: .seconds(90))

        /// Creates a configuration with the default limits.
        public init(key: Secret) { self.key = key }
    }

    /// Where YouTube has it.
    public static let officialURL = "https://www.googleapis.com/youtube/v3"
    /// The most entries of a page, and videos of a batch.
    public static let pageSize = 50

    let configuration: Configuration
    private let connection: YouTubeConnection
    private let attempts: YouTubeAttempts
    private let gate: any QuotaGate
    private let now: @Sendable () -> Date

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - clock: What the waits between attempts are measured with; a test passes its own.
    ///   - jitter: A random number from 0 to 1.
    ///   - now: The time of day, from which the next reset is computed.
    public init(
        _ configuration: Configuration, gate: any QuotaGate, clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.gate = gate
        self.now = now
        attempts = YouTubeAttempts(policy: configuration.retry, clock: clock, jitter: jitter)
        connection = YouTubeConnection(configuration, name: APIFailure.name, officialURL: Self.officialURL)
    }

    /// Closes the connections; later calls fail with ``ProviderError/Kind/closed``.
    public func close() async { await connection.close() }

    /// The channel, one unit; nil where there is none, or where it is terminated: the API does not tell these apart.
    ///
    /// - Throws: ``YouTubeAPIError``, ``ProviderError``, `CancellationError`, or what the gate throws; so do all calls.
    public func channel(_ reference: YouTubeChannelReference) async throws -> YouTubeChannel? {
        let (answer, _) = try await get(
            .channels, ["part": "snippet,contentDetails,statistics", reference.parameter: reference.value])
        return try decode(ChannelList.self, answer).items?.lazy.compactMap(YouTubeChannel.init).first
    }

    /// The list, one unit; nil where there is none, or where it is private.
    public func playlist(_ id: YouTubePlaylistID) async throws -> YouTubePlaylist? {
        let (answer, _) = try await get(.playlists, ["part": "snippet,contentDetails,status", "id": id.rawValue])
        return try decode(PlaylistList.self, answer).items?.lazy.compactMap(YouTubePlaylist.init).first
    }

    /// A page of a list, at most ``pageSize`` entries, one unit. A channel's uploads come newest first.
    ///
    /// - Parameters:
    ///   - token: ``YouTubePlaylistPage/next`` of the page before; nil for the first. It can be kept, and the walk be
    ///     resumed by another process.
    ///   - known: Of an earlier answer for the same page: if it is as it was, that is the answer.
    public func page(
        of list: YouTubePlaylistID, after token: String? = nil, unless known: YouTubeValidators? = nil
    ) async throws -> YouTubeFetch<YouTubePlaylistPage> {
        var parameters = [
            "part": "snippet,contentDetails,status", "playlistId": list.rawValue, "maxResults": "\(Self.pageSize)",
        ]
        parameters["pageToken"] = token
        let (answer, status) = try await get(.playlistItems, parameters, unless: known)
        if status == 304 { return .unchanged }
        let body = try decode(PlaylistItemList.self, answer)
        guard token == nil || body.nextPageToken != token else {
            throw ProviderError(.invalidResponse, "The \(APIFailure.name) gave a page that leads to itself.")
        }
        return .fetched(
            YouTubePlaylistPage(body), YouTubeValidators(etag: answer.etag ?? body.etag))
    }

    /// What there is to know of at most ``pageSize`` videos, one unit, in the order of `ids`.
    public func videos(_ ids: [YouTubeVideoID]) async throws -> [YouTubeVideoLookup] {
        guard ids.count <= Self.pageSize else {
            throw ProviderError(.tooLarge, "The \(APIFailure.name) is asked for \(Self.pageSize) videos at most.")
        }
        guard !ids.isEmpty else { return [] }
        let (answer, _) = try await get(
            .videos,
            [
                "part": "snippet,contentDetails,status,statistics,liveStreamingDetails",
                "id": ids.map(\.rawValue).joined(separator: ","),
            ])
        let found = try decode(VideoList.self, answer).items?.compactMap(YouTubeVideo.init) ?? []
        let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return ids.map { id in byID[id].map(YouTubeVideoLookup.found) ?? .missing(id) }
    }

    /// `ids` cut into batches for ``videos(_:)``.
    public static func batches(of ids: [YouTubeVideoID]) -> [[YouTubeVideoID]] {
        stride(from: 0, to: ids.count, by: pageSize).map { Array(ids[$0..<min($0 + pageSize, ids.count)]) }
    }

    private func get(
        _ call: YouTubeCall, _ parameters: [String: String], unless known: YouTubeValidators? = nil
    ) async throws -> (answer: YouTubeAnswer, status: Int) {
        let query = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\(PercentEncoding.encode($0.value))" }
        let target = call.path + "?" + query.joined(separator: "&")
        let headers =
            [("accept", "application/json"), ("x-goog-api-key", configuration.key.value)] + (known?.headers ?? [])
        let answer = try await attempts.run {
            try await gate.spend(call.units)
        } _: {
            let answer = try await connection.get(target, headers: headers)
            let isUnchanged = answer.status == 304 && known != nil
            guard answer.status == 200 || isUnchanged else {
                throw APIFailure(answer, key: configuration.key).error(now: now())
            }
            return answer
        }
        return (answer, answer.status)
    }

    private func decode<Body: Decodable>(_ type: Body.Type, _ answer: YouTubeAnswer) throws -> Body {
        try APIBody.decode(type, from: answer, key: configuration.key)
    }
}
