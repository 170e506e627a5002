internal import Foundation
internal import Providers

extension ChannelNotice {
    /// The notice as a webhook: the same each time for the same link and date.
    ///
    /// - Throws: what encoding throws.
    func delivery(
        to url: WebhookURL, secrets: [Secret], links: NoticeLinks, date: Date
    ) throws -> WebhookDelivery {
        let event = outcome == .failed ? "channel.failed" : "channel.ready"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let body = Body(
            id: id, event: event, createdAt: date, queueId: job, requestedBy: requester,
            channel: Body.Channel(
                id: channel, youtubeId: OrNull(value: youtubeID), title: title, url: try links.channel(channel).url),
            counts: counts, reasons: reasons, error: OrNull(value: failure))
        return WebhookDelivery(
            url: url, id: id.description, event: event, body: Array(try encoder.encode(body)), secrets: secrets)
    }

    /// The JSON that receivers get; only ever added to.
    private struct Body: Encodable {
        struct Channel: Encodable {
            var id: ChannelID
            var youtubeId: OrNull<String>
            var title: String
            var url: String
        }

        var id: ID
        var event: String
        var createdAt: Date
        var queueId: JobID
        var requestedBy: String
        var channel: Channel
        var counts: Counts
        var reasons: [Reason]
        var error: OrNull<String>
    }

    /// What is written as null where there is none.
    private struct OrNull<Value: Encodable>: Encodable {
        var value: Value?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let value { try container.encode(value) } else { try container.encodeNil() }
        }
    }
}
