import Foundation
import TestModels

@testable import Providers

/// The Data API on a loopback port.
enum APIEndpoint {
    static let key = "AIza-very-secret"
    /// 2026-07-01 12:00 UTC, in summer time.
    static let noon = Date(timeIntervalSince1970: 1_782_907_200)
    /// Midnight in Los Angeles after that: 07:00 UTC.
    static let reset = Date(timeIntervalSince1970: 1_782_975_600)

    static func settings(
        _ change: (inout YouTubeDataAPI.Configuration) -> Void = { _ in }
    ) -> YouTubeDataAPI.Configuration {
        var configuration = YouTubeDataAPI.Configuration(key: Secret(key))
        change(&configuration)
        return configuration
    }

    static func run(
        gate: CountingGate = CountingGate(), clock: InstantClock = InstantClock(),
        configuration: YouTubeDataAPI.Configuration = settings(),
        _ answer: @escaping @Sendable (LoopbackEndpoint.Request, Int) -> LoopbackEndpoint.Answer,
        _ body: (YouTubeDataAPI, LoopbackEndpoint) async throws -> Void
    ) async throws {
        try await LoopbackEndpoint.run(answer) { endpoint, address in
            var configuration = configuration
            configuration.baseURL = address
            let api = YouTubeDataAPI(configuration, gate: gate, clock: clock, jitter: { 1 }, now: { noon })
            do {
                try await body(api, endpoint)
                await api.close()
            } catch {
                await api.close()
                throw error
            }
        }
    }

    /// The parameters of a request.
    static func parameters(_ request: LoopbackEndpoint.Request) -> [String: String] {
        let items = URLComponents(string: "http://host" + request.path)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    static func path(_ request: LoopbackEndpoint.Request) -> String {
        String(request.path.prefix { $0 != "?" })
    }
}
