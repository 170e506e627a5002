import Foundation
import TestModels
import Testing

@Suite("vidsift doctor and YouTube", .timeLimit(.minutes(3)))
struct DoctorYouTubeTests {
    private static let key = "AIza-very-secret"

    private func findings(
        _ arguments: String..., in vidsift: Vidsift, environment: [String: String]
    ) async throws -> (all: [String: [String: Any]], result: Vidsift.Result) {
        let result = try await vidsift.start(["doctor", "--json"] + arguments, environment: environment).end()
        let all = try result.list("findings").map { ($0["subject"] as? String ?? "", $0) }
        return (Dictionary(all) { first, _ in first }, result)
    }

    private static func state(_ finding: [String: Any]?) -> String? { finding?["state"] as? String }
    private static func detail(_ finding: [String: Any]?) -> String { finding?["detail"] as? String ?? "" }

    @Test("yt-dlp's version and its JavaScript engine are told")
    func equipment() async throws {
        let vidsift = try Vidsift()
        let youtube = try FakeDownloader(in: vidsift)
        let (all, result) = try await findings(in: vidsift, environment: youtube.environment)
        #expect(Self.state(all["yt-dlp"]) == "fine" && result.status == 0, "\(result)")
        #expect(Self.detail(all["yt-dlp"]).contains("JavaScript: deno-2.5.6"), "\(result)")
        #expect(all["channels' feeds"] == nil, "without --network nobody is asked")
    }

    @Test("what yt-dlp lacks is a warning with its remedy")
    func lacking() async throws {
        let vidsift = try Vidsift()
        let youtube = try FakeDownloader(in: vidsift, engines: "none")

        let (none, _) = try await findings(in: vidsift, environment: youtube.environment)
        let (missing, result) = try await findings(in: vidsift, environment: ["YTDLP_PATH": "no-such-yt-dlp"])

        #expect(Self.state(none["yt-dlp"]) == "warning" && Self.detail(none["yt-dlp"]).contains("deno"), "\(none)")
        #expect(Self.state(missing["yt-dlp"]) == "warning" && missing["yt-dlp"]?["remedy"] is String, "\(missing)")
        #expect(result.status == 0, "recordings of one's own can be asked all the same")
    }

    @Test("the database says how much may be asked")
    func budget() async throws {
        let vidsift = try Vidsift()
        try await vidsift.run("list")
        let environment = ["YOUTUBE_API_KEY": Self.key, "YOUTUBE_REQUESTS_PER_HOUR": "90"]
        let (all, _) = try await findings(in: vidsift, environment: environment)
        #expect(Self.state(all["YouTube"]) == "fine")
        #expect(
            Self.detail(all["YouTube"])
                == "may be asked; at most 90 requests an hour; 0 of 10000 units of the Data API are spent today")
    }

    @Test("--network asks once each way, and says what works")
    func network() async throws {
        let service = LoopbackYouTube(
            channelID: "UC_x5XG1OV2P6uZZ5FSM9Ttw", title: "Google for Developers", handle: "@GoogleDevelopers",
            items: [.init(id: FakeDownloader.video, title: "A talk")])
        try await LoopbackEndpoint.run({ request, _ in service.answer(request) }) { endpoint, address in
            let vidsift = try Vidsift()
            let youtube = try FakeDownloader(in: vidsift)
            try youtube.add("jNQXAC9IVRw", title: "Me at the zoo")

            let (all, result) = try await findings(
                "--network", in: vidsift, environment: youtube.environment.merging(Self.services(address)) { $1 })

            #expect(result.status == 0 && !result.output.contains(Self.key), "\(result)")
            for subject in ["Data API", "channels' feeds", "videos"] {
                #expect(Self.state(all[subject]) == "fine", "\(subject): \(result)")
            }
            #expect(Self.detail(all["Data API"]).contains("Google for Developers"))
            #expect(Self.detail(all["channels' feeds"]).contains("1 videos"))
            #expect(Self.detail(all["videos"]).contains("Me at the zoo has captions in 1 languages"))
            #expect(endpoint.requests.count == 2)
            #expect(!FileManager.default.fileExists(atPath: vidsift.data.path), "nothing is changed")
        }
    }

    @Test("--network says what does not work, and what helps")
    func brokenNetwork() async throws {
        let service = LoopbackYouTube(channelID: FakeDownloader.channel, title: "Bread", handle: "@bread")
        service.refuse(.badKey)
        try await LoopbackEndpoint.run({ request, _ in service.answer(request) }) { _, address in
            let vidsift = try Vidsift()
            let youtube = try FakeDownloader(in: vidsift)
            try youtube.fail("jNQXAC9IVRw", "Sign in to confirm you’re not a bot. Use --cookies")

            let (all, result) = try await findings(
                "--network", in: vidsift, environment: youtube.environment.merging(Self.services(address)) { $1 })

            #expect(result.status == 0 && !result.output.contains(Self.key), "\(result)")
            for subject in ["Data API", "channels' feeds", "videos"] {
                #expect(
                    Self.state(all[subject]) == "warning" && all[subject]?["remedy"] is String, "\(subject): \(result)")
            }
            #expect(Self.detail(all["Data API"]).contains("does not accept the key"), "\(result)")
        }
    }

    private static func services(_ address: String) -> [String: String] {
        [
            "YOUTUBE_API_KEY": key, "YOUTUBE_API_BASE_URL": address,
            "YOUTUBE_FEED_URL": address + "/feeds/videos.xml",
        ]
    }
}
