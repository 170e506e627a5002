import Hummingbird
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("openapi.yaml", .timeLimit(.minutes(2)))
struct OpenAPITests {
    @Test("it has the paths and methods that the router has, no more and no fewer", arguments: TestEngine.allCases)
    func paths(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let document = try await server.get("/openapi.yaml")
            #expect(document.headers.first(name: "content-type") == "application/yaml")
            let components = server.components
            let api = API(
                database: components.database, ask: components.ask, runs: components.runs,
                retriever: components.retriever,
                ingest: components.ingest, recordings: components.recordings, youtube: components.youtube,
                queue: components.queue, cron: components.cron,
                embedder: components.embedder, allowedOrigins: [], maximumUploadBytes: 1, logger: components.logger)
            let router = Router(context: APIContext.self)
            api.addRoutes(to: router)
            let routes = router.routes.map { "\($0.method.rawValue) \(Self.templated($0.path.description))" }
            #expect(Set(routes).count == routes.count)
            #expect(Self.operations(in: document.text).sorted() == routes.sorted())
        }
    }

    @Test("its version is the program's")
    func version() {
        #expect(API.openAPI.contains("\n  version: \(Release.version)\n"))
    }

    /// `/api/videos/:id` as the document has it.
    private static func templated(_ path: String) -> String {
        let parts = path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
        return "/" + parts.joined(separator: "/")
    }

    /// The operations of the document, by its indentation: paths at two, methods at four.
    private static func operations(in document: String) -> [String] {
        let methods: Set = ["get", "post", "put", "patch", "delete"]
        var path = ""
        var operations: [String] = []
        let section =
            document.split(separator: "\npaths:\n").dropFirst().first?.split(separator: "\ncomponents:\n").first ?? ""
        for line in section.split(separator: "\n") {
            if line.hasPrefix("  /") { path = String(line.dropFirst(2).dropLast()) }
            let name = line.dropFirst(4).dropLast()
            if line.hasPrefix("    "), line.hasSuffix(":"), methods.contains(String(name)) {
                operations.append("\(name.uppercased()) \(path)")
            }
        }
        return operations
    }
}
