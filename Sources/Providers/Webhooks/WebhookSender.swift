internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// Delivers webhooks: one `POST` at a time, signed, to addresses on the internet only. When to try again is for the
/// caller to say.
public struct WebhookSender: Sendable {
    /// What is allowed, and how patient one is.
    public struct Configuration: Sendable {
        /// Whether receivers on this machine and in private networks are allowed, for those who run the receiver
        /// themselves. Link-local addresses never are: rented machines get their keys there.
        public var allowsPrivateAddresses = false
        /// For the look-up of the name, and for making a connection.
        public var connectTimeout = Duration.seconds(5)
        /// For all of it.
        public var timeout = Duration.seconds(15)
        /// A PEM file whose certificates are believed in place of the system's.
        public var trustRootsFile: String?

        /// The defaults.
        public init() {}
    }

    private let configuration: Configuration
    private let lookup: HostLookup
    private let now: @Sendable () -> Date

    /// What is read of an answer's body, in bytes, and what of it is kept, in characters.
    private static let maximumBodyBytes = 2048
    private static let maximumExcerpt = 300
    /// How many addresses of a name are tried.
    private static let maximumAddresses = 3

    /// Connects to nothing yet.
    public init(_ configuration: Configuration = Configuration()) {
        self.init(configuration, lookup: .system)
    }

    init(_ configuration: Configuration, lookup: HostLookup, now: @escaping @Sendable () -> Date = { Date() }) {
        self.configuration = configuration
        self.lookup = lookup
        self.now = now
    }

    /// Delivers once, whatever comes of it.
    ///
    /// - Throws: `CancellationError`, and nothing else; the connection is then closed.
    public func deliver(_ delivery: WebhookDelivery) async throws -> WebhookAttempt {
        let start = ContinuousClock.now
        var attempt = try await attempt(delivery, until: start + configuration.timeout)
        attempt.duration = start.duration(to: .now)
        return attempt
    }

    private func attempt(_ delivery: WebhookDelivery, until end: ContinuousClock.Instant) async throws -> WebhookAttempt
    {
        do {
            try check(delivery)
            let addresses = try await allowedAddresses(of: delivery.url)
            return try await post(delivery, to: addresses.prefix(Self.maximumAddresses), until: end)
        } catch {
            try Task.checkCancellation()
            return WebhookFailure.attempt(error)
        }
    }

    private func check(_ delivery: WebhookDelivery) throws {
        guard !delivery.secrets.isEmpty, delivery.secrets.allSatisfy({ !$0.value.isEmpty }) else {
            throw WebhookFailure.notComplete("a secret to sign with")
        }
        guard [delivery.id, delivery.event].allSatisfy(\.isWebhookName) else {
            throw WebhookFailure.notComplete("an id and an event of letters, digits, - _ .")
        }
    }

    // MARK: Where to

    /// The addresses of the host, if all of them are allowed: which one is taken is not for the name's owner to play
    /// with.
    private func allowedAddresses(of url: WebhookURL) async throws -> [IPAddress] {
        let addresses =
            if let address = url.address {
                [address]
            } else {
                try await lookup.addresses(url.host, configuration.connectTimeout)
            }
        for address in addresses where !isAllowed(address.range) {
            throw WebhookFailure.notAllowed(address.range)
        }
        guard !addresses.isEmpty else { throw HostLookup.Fault.notFound("no address") }
        return addresses
    }

    private func isAllowed(_ range: IPRange) -> Bool {
        switch range {
        case .internet: true
        case .loopback, .privateNetwork, .carrierNetwork: configuration.allowsPrivateAddresses
        case .linkLocal, .multicast, .unspecified, .documentation, .reserved: false
        }
    }

    /// Takes the next address where no connection to one came about. What was sent is not sent again.
    private func post(
        _ delivery: WebhookDelivery, to addresses: some Collection<IPAddress> & Sendable,
        until end: ContinuousClock.Instant
    ) async throws -> WebhookAttempt {
        var failure: any Error = HostLookup.Fault.notFound("no address")
        for address in addresses {
            let isConnected = Flag()
            do {
                return try await post(delivery, to: address, until: end, isConnected)
            } catch  where !isConnected.value && !Task.isCancelled && ContinuousClock.now < end {
                failure = error
            }
        }
        throw failure
    }

    // MARK: The request

    private func post(
        _ delivery: WebhookDelivery, to address: IPAddress, until end: ContinuousClock.Instant, _ isConnected: Flag
    ) async throws -> WebhookAttempt {
        try await HTTPClient.withHTTPClient(configuration: settings(delivery.url, address, isConnected)) { client in
            let rest = max(.zero, ContinuousClock.now.duration(to: end))
            let response = try await client.execute(request(delivery), deadline: .now() + TimeAmount(rest))
            // The status has said what counts; a body that never ends takes no more than the time there is.
            let bytes = await BodyBeginning.read(response.body, Self.maximumBodyBytes, until: end)
            let text = delivery.secrets.reduce(String(decoding: bytes, as: UTF8.self)) { $1.struckOut(of: $0) }
            return WebhookFailure.attempt(response, excerpt: OneLine.of(text, limit: Self.maximumExcerpt))
        }
    }

    private func settings(_ url: WebhookURL, _ address: IPAddress, _ isConnected: Flag) -> HTTPClient.Configuration {
        var settings = HTTPClient.Configuration()
        settings.httpVersion = .http1Only
        // The address that was looked at is the one that is connected to; the name stays in the request and the
        // handshake.
        settings.dnsOverride = [url.host: "\(address)"]
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        settings.connectionPool.retryConnectionEstablishment = false
        settings.redirectConfiguration = .disallow
        settings.decompression = .disabled
        settings.http1_1ConnectionDebugInitializer = { channel in
            isConnected.set()
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        if let file = configuration.trustRootsFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(file)
            settings.tlsConfiguration = tls
        }
        return settings
    }

    private func request(_ delivery: WebhookDelivery) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "\(delivery.url)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "VidSift-Webhooks/1")
        request.headers.add(name: "VidSift-Event", value: delivery.event)
        request.headers.add(name: "VidSift-Delivery", value: delivery.id)
        request.headers.add(
            name: WebhookSignature.headerName,
            value: WebhookSignature.value(of: delivery.body, at: now(), secrets: delivery.secrets))
        request.body = .bytes(delivery.body)
        return request
    }
}

extension String {
    fileprivate var isWebhookName: Bool {
        (1...200).contains(utf8.count) && utf8.allSatisfy { MailSyntax.isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }
}

/// Whether something has happened.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var value: Bool { state.load(ordering: .acquiring) }
    func set() { state.store(true, ordering: .releasing) }
}
