internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// How one of YouTube's services is reached: what the settings of its client have in common with those of the others.
protocol YouTubeServiceConfiguration: Sendable {
    /// What the addresses of all requests begin with.
    var baseURL: String { get }
    /// For making a connection, or for waiting until one is free.
    var connectTimeout: Duration { get }
    /// For one attempt, from sending to the last byte of the answer.
    var requestTimeout: Duration { get }
    /// A longer answer is not read, counted as it is unpacked.
    var maximumAnswerBytes: Int { get }
    /// The most connections at a time.
    var maximumConnections: Int { get }
}

/// The connections to one of YouTube's services: sends a request at a time to hosts that may be contacted
/// (``YouTubeHosts``), within limits of time and size.
struct YouTubeConnection: Sendable {
    private let name: String
    private let baseURL: String
    private let requestTimeout: Duration
    private let maximumAnswerBytes: Int
    private let hosts: YouTubeHosts?
    private let connections: WebConnections

    /// Google's servers pack answers only for programs that name gzip here, too.
    private static let userAgent = "vidsift (gzip)"

    /// - Parameters:
    ///   - name: The service's, as it stands in a sentence, behind "the".
    ///   - officialURL: Where the service really is: every other base URL is the owner's own choice of a host.
    init(_ configuration: some YouTubeServiceConfiguration, name: String, officialURL: String) {
        let url = configuration.baseURL
        self.name = name
        baseURL = url.hasSuffix("/") ? String(url.dropLast()) : url
        requestTimeout = configuration.requestTimeout
        maximumAnswerBytes = configuration.maximumAnswerBytes
        hosts = baseURL == officialURL ? .official : YouTubeHosts(configured: baseURL)
        connections = WebConnections(
            WebConnections.Settings(
                name: name, connectTimeout: configuration.connectTimeout,
                maximumConnections: configuration.maximumConnections,
                maximumUnpackedBytes: configuration.maximumAnswerBytes))
    }

    func close() async { await connections.close() }

    /// The whole answer to `GET`, whatever its status.
    ///
    /// - Parameters:
    ///   - target: What follows the base URL, encoded.
    ///   - headers: More than the usual ones.
    /// - Throws: ``ProviderError``, `CancellationError`; the connection is closed then.
    func get(_ target: String, headers: [(String, String)] = []) async throws -> YouTubeAnswer {
        try connections.checkOpen()
        let url = baseURL + target
        guard let hosts, hosts.allow(url) else {
            throw ProviderError(.refused, "The address of the \(name) is not an http address.")
        }
        var request = HTTPClientRequest(url: url)
        request.headers = HTTPHeaders([("user-agent", Self.userAgent)] + headers)
        return try await withThrowingTaskGroup(of: YouTubeAnswer.self) { [request] group in
            group.addTask { try await exchange(request) }
            group.addTask {
                try await ContinuousClock().sleep(for: requestTimeout)
                throw connections.timeout
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> YouTubeAnswer {
        do {
            let deadline = NIODeadline.now() + TimeAmount(requestTimeout)
            let response = try await connections.client.execute(request, deadline: deadline)
            guard response.status != .ok else { return YouTubeAnswer(response, body: try await body(of: response)) }
            let body = await connections.errorBody(of: response, until: deadline)
            try Task.checkCancellation()
            return YouTubeAnswer(response, body: body)
        } catch {
            throw connections.providerError(error)
        }
    }

    private func body(of response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= maximumAnswerBytes else { throw connections.tooLarge }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }
}
