internal import Captions
internal import Crypto
internal import Database
internal import Foundation
internal import Providers

/// A video that is being listened to: where its sound comes from decides when it is still wanted, and what is written
/// down at the end.
struct ListenedVideo: Sendable {
    enum Origin: Sendable {
        case youTube
        case recording(Recording)
    }

    var id: VideoID
    var title: String
    /// As somebody said.
    var language: String?
    var origin: Origin

    init(_ video: Video) {
        (id, title, origin) = (video.id, video.title, .youTube)
    }

    init(_ recording: Recording) {
        (id, title, language) = (recording.videoID, recording.title, recording.language)
        origin = .recording(recording)
    }

    /// Whether it is there and its words are wanted, of this very sound; it stays so until the transaction ends.
    func isWanted(in tx: some SQLRunner) async throws -> Bool {
        switch origin {
        case .youTube: try await VideoFetch.isWanted(id, in: tx)
        case .recording(let recording): try await recording.isWanted(in: tx)
        }
    }

    /// What is said in the parts that were heard so far, as it is stored.
    ///
    /// - Throws: `IngestError` where nobody speaks in them, or where they are too long.
    func prepared(_ parts: [TranscribedChunk]) throws -> Ingest.Prepared {
        let transcript = Transcript(
            title: title, language: language ?? parts.lazy.compactMap(\.language).first,
            cues: TranscriptJoining.joined(parts).map(Cue.init))
        return try Ingest.Prepared(transcript, name: title)
    }

    /// All that is said: a file is recognised by its own checksum.
    func preparedWhole(_ parts: [TranscribedChunk]) throws -> Ingest.Prepared {
        var prepared = try prepared(parts)
        if case .recording(let recording) = origin { prepared.checksum = recording.checksum }
        return prepared
    }

    /// Writes down that all was heard, in the transaction that accepts the transcript.
    func settle(on tx: some SQLRunner) async throws {
        switch origin {
        case .youTube: try await VideoFetch.record(.transcribed, nil, of: id, on: tx)
        case .recording: try await Recording.remove(id, on: tx)
        }
    }
}

/// What was listened to is no longer wanted: the video was deleted, or its file replaced.
struct OutdatedSound: Error {}

extension AudioPlan {
    /// SHA-256 of how the sound is cut, as hexadecimal digits: the same file is cut in the same way.
    var checksum: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return SHA256.hash(data: try encoder.encode(self)).hexadecimal
        }
    }
}

extension Cue {
    init(_ segment: TranscribedSegment) {
        self.init(
            start: MediaTime(segment.span.start), end: MediaTime(segment.span.end), text: segment.text,
            words: segment.words.map {
                Word(start: MediaTime($0.span.start), end: MediaTime($0.span.end), text: $0.text)
            })
    }
}

extension MediaTime {
    fileprivate init(_ time: AudioTime) {
        self.init(milliseconds: time.milliseconds)
    }
}
