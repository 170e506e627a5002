internal import Captions
internal import Database
internal import Foundation

/// All that is known of what a video says, read once to be summarised.
struct VideoText: Sendable {
    var video: Video
    /// The checksum of its transcript.
    var transcript: String
    /// Passages that together hold all that is said, hardly overlapping, in reading order.
    var passages: [StoredPassage]
    /// The chapters that its maker has set.
    var chapters: [VideoSummary.Chapter]
    /// Its search segment; one of words alone where that can't be read.
    var segment: Segment

    /// - Throws: `SummaryError` where there is nothing to read; `DatabaseError`.
    static func read(_ video: Video, on database: Database) async throws -> VideoText {
        guard let transcript = try await VideoSummary.transcript(of: video.id, on: database) else {
            throw SummaryError(of: video)
        }
        let all = try await StoredPassage.all(of: video.id, on: database)
        guard !all.isEmpty else { throw SummaryError.noSpeech }
        let stored = try await StoredTranscript.get(video.id, on: database)
        let own = stored.flatMap { try? Transcript(captions: Array($0.utf8), format: .json3, rolling: .keep) }
        return VideoText(
            video: video, transcript: transcript, passages: PassageCover.of(all),
            chapters: own?.chapters.map { VideoSummary.Chapter(start: $0.start.milliseconds, title: $0.title) } ?? [],
            segment: try await segment(of: video, holding: all, on: database))
    }

    private static func segment(
        of video: Video, holding passages: [StoredPassage], on database: Database
    ) async throws -> Segment {
        let stored = try await StoredSegment.load([video.id], on: database).first
        if let stored, let segment = try? Segment(stored.bytes), segment.passageCount == passages.count {
            return segment
        }
        var builder = SegmentBuilder(language: video.language)
        for passage in passages {
            builder.addPassage(
                text: passage.text, context: nil, startMilliseconds: passage.startMilliseconds,
                endMilliseconds: passage.endMilliseconds)
        }
        return try Segment(builder.build())
    }

    var end: Int { passages.last?.endMilliseconds ?? 0 }
}

/// Why a video has no summary.
package enum SummaryError: Error, Sendable, Hashable {
    /// Its index is being made.
    case notReady
    /// It could not be indexed, for this reason.
    case notIndexed(String)
    /// Nothing is said in it.
    case noSpeech
    /// Somebody makes it, and it takes long.
    case beingMade

    init(of video: Video) {
        self = video.state == .failed ? .notIndexed(video.lastError ?? "nobody knows why") : .notReady
    }
}

extension SummaryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notReady: "This video is being indexed; its summary can be made when that is done."
        case .notIndexed(let reason): "This video could not be indexed, so there is nothing to summarise: \(reason)."
        case .noSpeech: "Nothing is said in this video, so there is nothing to summarise."
        case .beingMade: "The summary is still being made. Ask again in a moment."
        }
    }
}
