internal import Captions
internal import Hummingbird

/// The forms in which a transcript is given.
private enum TranscriptForm: String, CaseIterable {
    case json, txt, vtt, srt
}

extension API {
    /// `GET /api/videos/:id/transcript`
    func getTranscript(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try RequestQuery(request).choice("format", default: TranscriptForm.json)
        let video = try await namedVideo(context)
        let transcript = try await transcript(of: video)
        switch form {
        case .json: return .success { transcript.write(of: video, to: &$0) }
        case .txt: return .text(transcript.formatted(as: .text), type: "text/plain; charset=utf-8")
        case .vtt: return .text(transcript.formatted(as: .webVTT), type: "text/vtt; charset=utf-8")
        case .srt: return .text(transcript.formatted(as: .subRip), type: "application/x-subrip; charset=utf-8")
        }
    }

    /// The stored transcript of a video.
    ///
    /// - Throws: `Problem` where there is none yet; `CaptionError` where it is damaged.
    func transcript(of video: Video) async throws -> Transcript {
        guard let stored = try await StoredTranscript.get(video.id, on: database) else {
            throw Problem.notFound(
                video.state == .failed
                    ? "This video could not be indexed: \(video.lastError ?? "nobody knows why")."
                    : "This video is being indexed; its transcript is not there yet.")
        }
        return try Transcript(captions: Array(stored.utf8), format: .json3, rolling: .keep)
    }
}

extension Transcript {
    /// Writes the fields of a transcript into an object that is open.
    fileprivate func write(of video: Video, to json: inout JSONWriter) {
        json.field("videoId", video.id.description)
        json.field("youtubeId", video.youtubeID)
        json.field("title", video.title)
        json.field("language", video.language)
        json.key("chapters")
        json.array(chapters) { json, chapter in
            json.object { json in
                json.field("start", chapter.start.seconds)
                json.field("title", chapter.title)
            }
        }
        json.key("cues")
        json.array(cues) { json, cue in
            json.object { json in
                json.field("start", cue.start.seconds)
                json.field("end", cue.end.seconds)
                json.field("text", cue.text)
                json.field("speaker", cue.speaker)
            }
        }
    }
}
