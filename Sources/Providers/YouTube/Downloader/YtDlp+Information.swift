internal import Foundation

extension YtDlp {
    /// A video's description: title, chapters, which captions there are.
    ///
    /// A video that is yet to come, or running, has a description, too: see ``YtDlpVideo/liveStatus``.
    ///
    /// - Throws: ``YtDlpError``, or `CancellationError`.
    public func information(of video: YouTubeVideoID) async throws -> YtDlpVideo {
        let information = try await information(at: YouTubeLink.video(video).canonicalURL)
        guard information.id == video.rawValue else {
            throw YtDlpError(.toolCrashed, detail: "asked for \(video), got \(information.id)")
        }
        return information
    }

    /// For tests, which ask yt-dlp's general reader about pages of their own.
    func information(at address: String) async throws -> YtDlpVideo {
        let limits = YtDlpLimits.limits(YtDlpLimits.informationTime, YtDlpLimits.informationBytes)
        let result = try await YtDlpFolder.make(settings) { folder in
            try await run(YtDlpArguments.information, at: address, in: folder, limits)
        }
        var video = try YtDlpVideo(json: result.output)
        video.captionsAreWithheld = FailureReading.saysThatCaptionsAreWithheld(result.errors)
        if !video.hasMedia, let refusal = refusal(of: video, result) { throw refusal }
        return video
    }

    /// Why a video that can't be played can't be worked on either. Its reason is a warning, as the run itself went
    /// well.
    private func refusal(of video: YtDlpVideo, _ result: ChildProcess.Result) -> YtDlpError? {
        if video.liveStatus == .upcoming || video.liveStatus == .live { return nil }
        let error = FailureReading(result).error(at: Date(), redaction: LogRedaction(settings))
        switch error.outcome {
        case .permanent, .notYet, .blocked: return error
        // There may be captions all the same.
        case .passing, .ownersTurn: return nil
        }
    }
}
