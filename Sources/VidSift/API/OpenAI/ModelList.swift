internal import Foundation
internal import Hummingbird

extension API {
    /// The most channels, and the most videos, that are listed as models.
    private static let maximumListedModels = 100

    /// `GET /v1/models`: everything, the channels, and the videos that can answer; in the order they were added.
    func listModels(_ request: Request, _ context: APIContext) async throws -> Response {
        let channels = try await Channel.list(after: nil, limit: Self.maximumListedModels, on: database)
        let videos = try await Video.list(after: nil, limit: Self.maximumListedModels, on: database)
        return .json { json in
            json.field("object", "list")
            json.key("data")
            json.array(
                [ListedModel.everything] + channels.map { ListedModel($0) }
                    + videos.filter { $0.state == .ready }.map { ListedModel($0) }
            ) { $1.write(to: &$0) }
        }
    }
}

/// A model in the list that OpenAI's clients choose from.
private struct ListedModel {
    static let everything = ListedModel(
        model: .everything, title: "Everything", created: Date(timeIntervalSince1970: 0))

    let model: AnsweringModel
    /// What people call it; clients that know no such field ignore it.
    let title: String
    let created: Date

    private init(model: AnsweringModel, title: String, created: Date) {
        self.model = model
        self.title = title
        self.created = created
    }

    init(_ channel: Channel) {
        self.init(model: .channel(channel.id.description), title: channel.title, created: channel.createdAt)
    }

    init(_ video: Video) {
        self.init(model: .video(video.id.description), title: video.title, created: video.createdAt)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", model.name)
            json.field("object", "model")
            json.field("created", Int(created.timeIntervalSince1970))
            json.field("owned_by", "vidsift")
            json.field("name", title)
        }
    }
}
