internal import Foundation

extension YtDlpVideo {
    /// Reads yt-dlp's description of a video. What is missing, of another type than expected or beyond all measure is left
    /// out: only the id has to be there.
    ///
    /// - Throws: ``YtDlpError`` (`toolCrashed`).
    init(json: [UInt8]) throws {
        do {
            self.init(try JSONDecoder().decode(Body.self, from: Data(json)))
        } catch {
            throw YtDlpError(
                .toolCrashed, detail: "not a video's description: \(String(describing: error).prefix(200))")
        }
    }

    private init(_ body: Body) {
        id = body.id
        title = body.title ?? body.id
        description = body.description ?? ""
        channelID = body.channelID.flatMap(YouTubeChannelID.init)
        channel = body.channel ?? body.uploader
        handle = body.uploaderID.flatMap(YouTubeHandle.init)
        duration = PlausibleNumber.seconds(body.duration)
        publishedAt = PlausibleNumber.date(body.timestamp) ?? body.uploadDate.flatMap(Self.day)
        startsAt = PlausibleNumber.date(body.releaseTimestamp)
        liveStatus = body.liveStatus.flatMap(LiveStatus.init) ?? (body.wasLive == true ? .recorded : .never)
        access = body.availability.flatMap(YtDlpAccess.init)
        ageLimit = PlausibleNumber.age(body.ageLimit) ?? 0
        chapters = body.chapters
        language = body.language
        captions = CaptionTrack.tracks(human: body.subtitles, automatic: body.automaticCaptions)
        hasMedia = body.formats.contains { $0.acodec != "none" || $0.vcodec != "none" }
    }

    /// Midnight UTC of `20210720`.
    static func day(_ text: String) -> Date? {
        guard text.utf8.count == 8, let number = Int(text) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        return components.isValidDate(in: calendar) ? calendar.date(from: components) : nil
    }

    private struct Body: Decodable {
        var id: String
        var title: String?
        var description: String?
        var channelID: String?
        var channel: String?
        var uploader: String?
        var uploaderID: String?
        var duration: Double?
        var timestamp: Double?
        var releaseTimestamp: Double?
        var uploadDate: String?
        var liveStatus: String?
        var wasLive: Bool?
        var availability: String?
        var ageLimit: Double?
        var language: String?
        var chapters: [Chapter]
        var subtitles: [String: [CaptionLink]]
        var automaticCaptions: [String: [CaptionLink]]
        var formats: [Format]

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            func read<Value: Decodable>(_ key: Key) -> Value? { try? fields.decode(Value.self, forKey: key) }
            id = try fields.decode(String.self, forKey: .id)
            title = read(.title)
            description = read(.description)
            channelID = read(.channelID)
            channel = read(.channel)
            uploader = read(.uploader)
            uploaderID = read(.uploaderID)
            duration = read(.duration)
            timestamp = read(.timestamp)
            releaseTimestamp = read(.releaseTimestamp)
            uploadDate = read(.uploadDate)
            liveStatus = read(.liveStatus)
            wasLive = read(.wasLive)
            availability = read(.availability)
            ageLimit = read(.ageLimit)
            language = read(.language)
            chapters = (read(.chapters) as ReadableMembers<ChapterBody>?)?.values.compactMap(\.chapter) ?? []
            let human: [String: ReadableMembers<CaptionLink>]? = read(.subtitles)
            let automatic: [String: ReadableMembers<CaptionLink>]? = read(.automaticCaptions)
            subtitles = (human ?? [:]).mapValues(\.values)
            automaticCaptions = (automatic ?? [:]).mapValues(\.values)
            formats = (read(.formats) as ReadableMembers<Format>?)?.values ?? []
        }

        enum Key: String, CodingKey {
            case id, title, description, channel, uploader, duration, timestamp, availability, language, chapters
            case subtitles, formats
            case channelID = "channel_id"
            case uploaderID = "uploader_id"
            case releaseTimestamp = "release_timestamp"
            case uploadDate = "upload_date"
            case liveStatus = "live_status"
            case wasLive = "was_live"
            case ageLimit = "age_limit"
            case automaticCaptions = "automatic_captions"
        }
    }

    private struct ChapterBody: Decodable {
        var title: String?
        var start_time: Double?
        var end_time: Double?

        var chapter: Chapter? {
            guard let title, let start = PlausibleNumber.seconds(start_time) else { return nil }
            return Chapter(title: title, start: start, end: PlausibleNumber.seconds(end_time))
        }
    }

    private struct Format: Decodable {
        var acodec: String?
        var vcodec: String?
    }
}

/// The members of a list that can be read; the others are passed over.
struct ReadableMembers<Member: Decodable>: Decodable {
    var values: [Member] = []

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        while !list.isAtEnd {
            let member = try list.decode(Attempt.self)
            if let value = member.value { values.append(value) }
        }
    }

    private struct Attempt: Decodable {
        var value: Member?

        init(from decoder: any Decoder) throws { value = try? Member(from: decoder) }
    }
}
