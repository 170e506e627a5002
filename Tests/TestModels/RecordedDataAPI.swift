package import Foundation
internal import Synchronization

/// Plays back what YouTube's Data API really answered, for a ``LoopbackEndpoint``: the bodies lie beside the package.
///
/// They are of one channel (of which a list of 13 videos was recorded, on two pages), of one playlist of one video, and
/// of some failures. Two things were never recorded and are made of what was: the list of the channel's uploads is that
/// of its 13 videos, and the descriptions of those are a recorded one with their ids.
package final class RecordedDataAPI: Sendable {
    package static let channel = "UC_x5XG1OV2P6uZZ5FSM9Ttw"
    package static let handle = "@googledevelopers"
    package static let title = "Google Developers"
    package static let playlist = "PLOU2XLYxmsIJXsH2htG1g0NUjHGq62Q7i"
    /// Of the second page.
    package static let pageToken = "CAoQAA"

    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/fixtures/youtube_api")

    package static let isThere: Bool = {
        let isThere = FileManager.default.fileExists(atPath: folder.path)
        if !isThere { print("skipped: no ../shared/fixtures/youtube_api beside the package") }
        return isThere
    }()

    /// What comes instead of an answer.
    package struct Failure: Sendable {
        package var status: Int
        package var body: [UInt8]

        /// A recorded body.
        package static func recorded(_ status: Int, _ name: String) throws -> Failure {
            Failure(status: status, body: Array(try RecordedDataAPI.bytes(name)))
        }

        /// In the words of YouTube's documentation: for what nobody has recorded.
        package static func documented(_ status: Int, _ reason: String) -> Failure {
            let text = """
                {"error":{"code":\(status),"message":"The playlist cannot be found.","errors":[{"message":"The playlist \
                cannot be found.","domain":"youtube.playlistItem","reason":"\(reason)","location":"playlistId",\
                "locationType":"parameter"}]}}
                """
            return Failure(status: status, body: Array(text.utf8))
        }
    }

    /// Which requests fail.
    private struct Trap: Sendable {
        var failure: Failure
        /// `channels`, `playlistItems` …; nil: all.
        var call: String?
        /// Only the page of that token.
        var token: String?
    }

    private let bodies: [String: [UInt8]]
    /// Of the list of 13: with titles.
    private let listed: [String: String]
    private let recordedVideos: [String: [UInt8]]
    private let describesListed: Bool
    private let trap = Mutex<Trap?>(nil)

    /// - Parameter describesListed: false: `videos` knows only what was recorded with it, so none of the lists'.
    package init(describesListed: Bool = true) throws {
        self.describesListed = describesListed
        let names = [
            "channel_info_single.json", "playlist_items/playlist_items_paged_1.json",
            "playlist_items/playlist_items_paged_2.json", "playlist_items/playlist_items_single.json",
            "playlists/playlists_single.json",
        ]
        bodies = Dictionary(uniqueKeysWithValues: try names.map { ($0, Array(try Self.bytes("data_api_v3/\($0)"))) })
        listed = try bodies.filter { $0.key.hasPrefix("playlist_items/") }.values.reduce(into: [:]) { listed, body in
            for item in try Self.items(body) {
                let snippet = item["snippet"] as? [String: Any] ?? [:]
                guard let id = (snippet["resourceId"] as? [String: Any])?["videoId"] as? String else { continue }
                listed[id] = snippet["title"] as? String
            }
        }
        let videos = try Self.items(Array(try Self.bytes("data_api_v3/videos/videos_info_multi.json")))
        recordedVideos = try videos.reduce(into: [:]) { videos, item in
            guard let id = item["id"] as? String else { return }
            videos[id] = Array(try JSONSerialization.data(withJSONObject: item))
        }
    }

    /// A recorded file, by its path in the folder of recordings.
    package static func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(name))
    }

    private static func items(_ body: [UInt8]) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        return object?["items"] as? [[String: Any]] ?? []
    }

    /// The ids and titles of all listed videos.
    package var videos: [String: String] { listed }

    /// Has requests fail; nil: none.
    package func fail(_ failure: Failure?, call: String? = nil, token: String? = nil) {
        trap.withLock { $0 = failure.map { Trap(failure: $0, call: call, token: token) } }
    }

    package func answer(_ request: LoopbackEndpoint.Request) -> LoopbackEndpoint.Answer {
        let address = URLComponents(string: "http://host" + request.path)
        let query = Dictionary((address?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
        let call = address?.path.split(separator: "/").last.map(String.init) ?? ""
        if let failure = failure(of: call, query["pageToken"]) {
            return Self.answer(failure.body, status: failure.status)
        }
        switch call {
        case "channels":
            let isKnown = query["id"] == Self.channel || query["forHandle"]?.lowercased() == Self.handle
            return recorded(isKnown ? "channel_info_single.json" : nil)
        case "playlists":
            return recorded(query["id"] == Self.playlist ? "playlists/playlists_single.json" : nil)
        case "playlistItems": return page(query["playlistId"], query["pageToken"])
        case "videos": return videos((query["id"] ?? "").split(separator: ",").map(String.init))
        default: return Self.answer([], status: 404)
        }
    }

    private func failure(of call: String, _ token: String?) -> Failure? {
        guard let trap = trap.withLock(\.self), trap.call ?? call == call, trap.token == nil || trap.token == token
        else { return nil }
        return trap.failure
    }

    private func page(_ list: String?, _ token: String?) -> LoopbackEndpoint.Answer {
        switch (list, token) {
        case ("UU" + Self.channel.dropFirst(2), nil): recorded("playlist_items/playlist_items_paged_1.json")
        case ("UU" + Self.channel.dropFirst(2), Self.pageToken): recorded("playlist_items/playlist_items_paged_2.json")
        case (Self.playlist, nil): recorded("playlist_items/playlist_items_single.json")
        default:
            Self.answer(Failure.documented(404, "playlistNotFound").body, status: 404)
        }
    }

    private func videos(_ ids: [String]) -> LoopbackEndpoint.Answer {
        let items = ids.compactMap { id -> String? in
            if let own = recordedVideos[id] { return String(decoding: own, as: UTF8.self) }
            guard describesListed, let title = listed[id], let pattern = recordedVideos.values.first,
                var item = try? JSONSerialization.jsonObject(with: Data(pattern)) as? [String: Any],
                var snippet = item["snippet"] as? [String: Any]
            else { return nil }
            snippet["title"] = title
            item["snippet"] = snippet
            item["id"] = id
            return (try? JSONSerialization.data(withJSONObject: item)).map { String(decoding: $0, as: UTF8.self) }
        }
        let body = #"{"kind":"youtube#videoListResponse","items":[\#(items.joined(separator: ","))]}"#
        return Self.answer(Array(body.utf8))
    }

    /// An empty list for what is not known, as YouTube has it.
    private func recorded(_ name: String?) -> LoopbackEndpoint.Answer {
        let nothing = #"{"kind":"youtube#channelListResponse","pageInfo":{"totalResults":0,"resultsPerPage":5}}"#
        return Self.answer(name.flatMap { bodies[$0] } ?? Array(nothing.utf8))
    }

    private static func answer(_ body: [UInt8], status: Int = 200) -> LoopbackEndpoint.Answer {
        .respond(status, [("content-type", "application/json; charset=UTF-8")], body)
    }
}
