import AsyncHTTPClient
import Database
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceLifecycle
import TestDatabases
import Testing

@testable import VidSift

/// A server on a free port of loopback, with a library of its own in a temporary folder, which works by words alone.
struct TestServer: Sendable {
    let port: Int
    let library: TestLibrary
    var components: Components { library.components }

    typealias MakeServices = @Sendable (Components, @escaping @Sendable (Int) async -> Void) throws -> [any Service]

    /// Runs a server for as long as `body` runs.
    static func run(
        _ variables: [String: String] = [:], engine: TestEngine = .sqlite,
        databaseConfiguration: DatabaseConfiguration = DatabaseConfiguration(),
        services: @escaping MakeServices = { try buildServices($0, onListening: $1) },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let library = try await TestLibrary(
            ["PORT": "0"].merging(variables) { $1 }, engine: engine, databaseConfiguration: databaseConfiguration)
        try await run(on: library, services: services, body)
    }

    /// Runs a server on a library, which it closes in the end.
    static func run(
        on library: TestLibrary, services: @escaping MakeServices = { try buildServices($0, onListening: $1) },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let components = library.components
        let logger = components.logger
        let (ports, portSource) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(
            services: try services(components) { portSource.yield($0) }, logger: logger)
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                tasks.addTask {
                    for await port in ports {
                        try await body(TestServer(port: port, library: library))
                        break
                    }
                    await group.triggerGracefulShutdown()
                }
                // Not `waitForAll`, which would go on waiting for the server after the body has failed.
                while try await tasks.next() != nil {}
            }
        } catch {
            try? await components.close()
            throw error
        }
        try? await components.close()
    }

    func send(
        _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: ByteBuffer? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            body: try await response.body.collect(upTo: 64 << 20))
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send(.GET, path, headers: headers)
    }

    func post(_ path: String, _ json: String) async throws -> Answer {
        try await send(
            .POST, path, headers: [("content-type", "application/json")], body: ByteBuffer(string: json))
    }

    func ask(_ question: String, about: String = "", path: String = "/api/chat/stream") async throws -> Answer {
        try await post(path, #"{"messages":[{"role":"user","content":"\#(question)"}]\#(about)}"#)
    }

    /// Takes captions in and waits for their index.
    @discardableResult
    func add(_ captions: String, as name: String, channel: String? = nil) async throws -> VideoID {
        try await library.add(captions, named: name, channel: channel.map(ChannelChoice.named) ?? .library).videoID
    }
}

/// What the server answered.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer

    var text: String { String(buffer: body) }

    /// The body as a JSON object.
    func json(_ location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(body.readableBytesView))
        return try #require(object as? [String: Any], sourceLocation: location)
    }

    func list(_ name: String, _ location: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
        try #require(try json()[name] as? [[String: Any]], sourceLocation: location)
    }

    /// The events of a stream, read as a browser's EventSource reads them.
    func events(_ location: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
        try text.components(separatedBy: "\n\n").filter { !$0.isEmpty && !$0.hasPrefix(":") }.map { event in
            let lines = event.split(separator: "\n").filter { $0.hasPrefix("data: ") }
            let object = try JSONSerialization.jsonObject(with: Data(lines.map { $0.dropFirst(6) }.joined().utf8))
            return try #require(object as? [String: Any], sourceLocation: location)
        }
    }

    /// Checks that this is a problem of that status with all of its fields.
    func expectProblem(
        _ status: Int, _ code: String, naming part: String = "", _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status == status, "\(text)", sourceLocation: location)
        #expect(headers.first(name: "content-type") == "application/problem+json", sourceLocation: location)
        let problem = try json(location)
        #expect(problem["code"] as? String == code, "\(text)", sourceLocation: location)
        #expect(problem["status"] as? Int == status, sourceLocation: location)
        #expect(problem["type"] as? String == "about:blank", sourceLocation: location)
        #expect((problem["title"] as? String)?.isEmpty == false, sourceLocation: location)
        #expect(problem["retryable"] is Bool, sourceLocation: location)
        let detail = try #require(problem["detail"] as? String, sourceLocation: location)
        #expect(problem["error"] as? String == detail, sourceLocation: location)
        #expect(detail.contains(part) || part.isEmpty, "\(detail)", sourceLocation: location)
        let requestID = try #require(problem["requestId"] as? String, sourceLocation: location)
        #expect(requestID == headers.first(name: "x-request-id") && !requestID.isEmpty, sourceLocation: location)
    }
}

/// Captions that the tests speak of.
enum Samples {
    static let bread = """
        WEBVTT

        00:01:23.200 --> 00:01:31.000
        Rye bread stays low because its dough has hardly any gluten.

        00:01:31.500 --> 00:01:38.000
        Pentosans hold the water instead, and the crumb becomes moist.

        00:02:00.000 --> 00:02:06.000
        The crust keeps it fresh for a week.

        00:02:10.000 --> 00:02:16.000
        Bake it hot at first & then <i>slowly</i>, for about an hour.
        """

    static let tides = """
        WEBVTT

        00:00:02.000 --> 00:00:09.000
        Tides are predicted from the harmonic constants of a harbour.

        00:01:10.000 --> 00:01:18.000
        The moon passes about fifty minutes later each day, and so does high water.
        """
}
