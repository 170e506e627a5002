import Foundation
import NIOHTTP1
import Synchronization

/// A channel of YouTube as its Data API and its feed tell of it, for a ``LoopbackEndpoint``.
package final class LoopbackYouTube: Sendable {
    /// A video of the channel.
    package struct Item: Sendable {
        package var id: String
        package var title: String

        package init(id: String, title: String) {
            self.id = id
            self.title = title
        }
    }

    /// What the Data API says instead of an answer.
    package enum Refusal: Sendable {
        case quotaExceeded, badKey
    }

    /// How the pages of the list lead on.
    package enum Paging: Sendable {
        /// To the end of it.
        case whole
        /// From the last page to the second one.
        case circle
        /// From an empty page to another one, always.
        case endless
        /// To pages that are not known any more when they are asked for.
        case forgetful
    }

    private struct State {
        var items: [Item]
        var refusal: Refusal?
        var paging = Paging.whole
        var hasFeed = true
    }

    package let channelID: String
    package let title: String
    package let handle: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - channelID: `UC…`.
    ///   - handle: with its `@`.
    ///   - items: the newest first.
    package init(channelID: String, title: String, handle: String, items: [Item] = []) {
        self.channelID = channelID
        self.title = title
        self.handle = handle
        state = Mutex(State(items: items))
    }

    /// Adds videos that are newer than all there are.
    package func publish(_ items: [Item]) { state.withLock { $0.items = items + $0.items } }

    /// Takes a video out of the channel.
    package func remove(_ id: String) { state.withLock { $0.items.removeAll { $0.id == id } } }

    package func refuse(_ refusal: Refusal?) { state.withLock { $0.refusal = refusal } }

    package func leads(_ paging: Paging) { state.withLock { $0.paging = paging } }

    package func withdrawFeed() { state.withLock { $0.hasFeed = false } }

    package func answer(_ request: LoopbackEndpoint.Request) -> LoopbackEndpoint.Answer {
        let address = URLComponents(string: "http://host" + request.path)
        let query = Dictionary((address?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
        let (items, refusal, paging, hasFeed) = state.withLock { ($0.items, $0.refusal, $0.paging, $0.hasFeed) }
        let call = address?.path.split(separator: "/").last
        if call == "videos.xml" { return hasFeed && query["channel_id"] == channelID ? feed(items) : .json(404, "{}") }
        if let refusal { return Self.failure(refusal) }
        switch call {
        case "channels": return channels(query)
        case "playlistItems": return page(of: items, paging, query, unless: request.headers["if-none-match"])
        case "videos": return videos(items, query)
        default: return .json(200, #"{"items":[]}"#)
        }
    }

    private static func failure(_ refusal: Refusal) -> LoopbackEndpoint.Answer {
        switch refusal {
        case .quotaExceeded:
            .json(403, #"{"error":{"code":403,"errors":[{"domain":"youtube.quota","reason":"quotaExceeded"}]}}"#)
        case .badKey:
            .json(
                400,
                #"{"error":{"code":400,"message":"API key not valid.","errors":[{"reason":"keyInvalid"}],"status":"x"}}"#
            )
        }
    }

    private var uploads: String { "UU" + channelID.dropFirst(2) }

    private func channels(_ query: [String: String]) -> LoopbackEndpoint.Answer {
        guard query["id"] == channelID || query["forHandle"] == handle else { return Self.json(["items": [Any]()]) }
        let channel: [String: Any] = [
            "id": channelID, "snippet": ["title": title, "customUrl": handle],
            "contentDetails": ["relatedPlaylists": ["uploads": uploads]],
        ]
        return Self.json(["items": [channel]])
    }

    private static let pageSize = 50
    private static let refusedToken = LoopbackEndpoint.Answer.json(
        400, #"{"error":{"code":400,"errors":[{"reason":"invalidPageToken"}]}}"#)

    /// - Parameter known: marks of the page as it was; as the Data API does, the body says its mark without the quotes.
    private func page(
        of items: [Item], _ paging: Paging, _ query: [String: String], unless known: [String]
    ) -> LoopbackEndpoint.Answer {
        guard query["playlistId"] == uploads else {
            return .json(404, #"{"error":{"code":404,"errors":[{"reason":"playlistNotFound"}]}}"#)
        }
        guard let start = Int(query["pageToken"] ?? "0") else { return Self.refusedToken }
        if case .forgetful = paging, start > 0 { return Self.refusedToken }
        if case .endless = paging { return Self.json(["items": [Any](), "nextPageToken": String(start + 1)]) }
        let entries = items.dropFirst(start).prefix(Self.pageSize).map { item -> [String: Any] in
            [
                "snippet": ["title": item.title, "resourceId": ["kind": "youtube#video", "videoId": item.id]],
                "contentDetails": ["videoId": item.id], "status": ["privacyStatus": "public"],
            ]
        }
        var body: [String: Any] = ["items": entries, "pageInfo": ["totalResults": items.count]]
        let next = start + entries.count
        if next < items.count { body["nextPageToken"] = String(next) }
        if case .circle = paging, next >= items.count { body["nextPageToken"] = String(Self.pageSize) }
        let etag = "\(start)-\(items.dropFirst(start).prefix(Self.pageSize).map(\.id).hashValue)-\(items.count)"
        if known.contains("\"\(etag)\"") { return .json(304, "") }
        body["etag"] = etag
        return Self.json(body)
    }

    private func videos(_ items: [Item], _ query: [String: String]) -> LoopbackEndpoint.Answer {
        let wanted = Set((query["id"] ?? "").split(separator: ",").map(String.init))
        let found = items.filter { wanted.contains($0.id) }.map { item -> [String: Any] in
            [
                "id": item.id,
                "snippet": ["title": item.title, "channelId": channelID, "liveBroadcastContent": "none"],
                "contentDetails": ["duration": "PT9S"],
                "status": ["privacyStatus": "public", "uploadStatus": "processed"],
                "statistics": ["viewCount": "1"],
            ]
        }
        return Self.json(["items": found])
    }

    private func feed(_ items: [Item]) -> LoopbackEndpoint.Answer {
        let entries = items.prefix(15).map { item in
            """
            <entry><id>yt:video:\(item.id)</id><yt:videoId>\(item.id)</yt:videoId><yt:channelId>\(channelID)</yt:channelId>
            <title>\(Self.escaped(item.title))</title><published>2026-01-22T15:01:42+00:00</published></entry>
            """
        }.joined(separator: "\n")
        let document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">
            <id>yt:channel:\(channelID.dropFirst(2))</id><yt:channelId>\(channelID.dropFirst(2))</yt:channelId>
            <title>\(title)</title>
            \(entries)
            </feed>
            """
        return .respond(200, [("content-type", "text/xml; charset=UTF-8")], Array(document.utf8))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }

    private static func json(_ body: [String: Any]) -> LoopbackEndpoint.Answer {
        // What is made here of texts and numbers can always be encoded.
        let data = (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
        return .respond(200, [("content-type", "application/json; charset=UTF-8")], Array(data))
    }
}
