import Foundation
import TestModels
import Testing

/// The program against what YouTube really answered, through `YOUTUBE_API_BASE_URL`.
@Suite(
    "vidsift and answers recorded from the Data API",
    .enabled(if: RecordedDataAPI.isThere, "../shared/fixtures/youtube_api is not here"), .timeLimit(.minutes(3)))
struct RecordedChannelTests {
    private static let key = "AIza-very-secret"

    private func run(
        _ body: (_ api: RecordedDataAPI, _ vidsift: (String...) async throws -> Vidsift.Result) async throws -> Void
    ) async throws {
        let api = try RecordedDataAPI()
        let vidsift = try Vidsift()
        let youtube = try FakeDownloader(in: vidsift)
        for (id, title) in api.videos { try youtube.add(id, title: title) }
        try await LoopbackEndpoint.run({ request, _ in api.answer(request) }) { _, address in
            let environment = youtube.environment.merging([
                "YOUTUBE_API_KEY": Self.key, "YOUTUBE_API_BASE_URL": address,
            ]) { $1 }
            try await body(api) { (arguments: String...) in
                let result = try await vidsift.start(arguments, environment: environment).end()
                #expect(!(result.output + result.errors).contains(Self.key), "\(result)")
                return result
            }
        }
    }

    @Test("a channel is added by its handle, and its list, status and report are told")
    func channel() async throws {
        try await run { _, vidsift in
            let added = try await vidsift("add", RecordedDataAPI.handle)
            #expect(added.status == 0, "\(added)")
            #expect(added.output == "channel    Google Developers: 13 of 13 videos are searchable\n", "\(added)")
            let status = try await vidsift("channel", "status", RecordedDataAPI.handle)
            #expect(
                status.lines.first == "Google Developers (@googledevelopers, UC_x5XG1OV2P6uZZ5FSM9Ttw)", "\(status)")
            let list = try await vidsift("channel", "list")
            #expect(list.output == "UC_x5XG1OV2P6uZZ5FSM9Ttw\tready\t13/13\tGoogle Developers\n", "\(list)")
        }
    }

    @Test("a playlist is added by its link")
    func playlist() async throws {
        try await run { _, vidsift in
            let added = try await vidsift("add", "https://www.youtube.com/playlist?list=\(RecordedDataAPI.playlist)")
            #expect(added.status == 0, "\(added)")
            #expect(added.output == "channel    I/O Live - Show Composite: 1 of 1 videos are searchable\n", "\(added)")
        }
    }

    @Test(
        "what YouTube refuses is told in words, with exit code 1",
        arguments: [
            (400, "error_response.json", "does not accept the key"), (403, "error_quotaExceeded_403.json", "units"),
            (403, "error_permission_resp.json", "does not allow this"),
            (400, "error_response_simple.json", "refused the request"),
        ])
    func refusals(status: Int, body: String, words: String) async throws {
        try await run { api, vidsift in
            api.fail(try .recorded(status, "data_api_v3/\(body)"))
            let result = try await vidsift("add", RecordedDataAPI.handle)
            #expect(result.status == 1 && result.output.isEmpty, "\(result)")
            let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
            #expect(errors.count == 1 && errors[0].hasPrefix("error: \(RecordedDataAPI.handle): "), "\(result)")
            #expect(errors.first?.contains(words) == true && !result.errors.contains("<a href"), "\(result)")
        }
    }
}
