import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("--json")
struct JSONTests {
    @Test("videos and channels are written as the server writes them, to the millisecond of their dates")
    func sameAsServer() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.tides, to: "Tides [dQw4w9WgXcQ].en.vtt")
        try await vidsift.run("add", ".", "--channel", "talks")

        let videos = try await vidsift.run("list", "videos", "--json").list("videos")
        let channels = try await vidsift.run("list", "channels", "--json").list("channels")

        let server = try vidsift.start("serve", "--port", "0", "--json")
        try #require(await server.prints("}"))
        let started = try JSONSerialization.jsonObject(with: Data(server.output.utf8)) as? [String: Any]
        let address = try #require(started?["address"] as? String)
        let served = try await Self.list("videos", of: address)
        let servedChannels = try await Self.list("channels", of: address)
        server.signal(SIGTERM)
        _ = try await server.end()

        #expect(videos.count == 1 && channels.count == 1)
        #expect(videos as NSArray == served as NSArray)
        #expect(channels as NSArray == servedChannels as NSArray)
        let created = try #require(videos[0]["createdAt"] as? String)
        #expect(throws: Never.self) {
            try Date(created, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
    }

    private static func list(_ name: String, of address: String) async throws -> [[String: Any]] {
        let url = try #require(URL(string: "\(address)/api/\(name)"))
        let (data, _) = try await URLSession.shared.data(from: url)
        let answer = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(answer[name] as? [[String: Any]])
    }
}
