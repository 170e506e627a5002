extension YtDlp {
    /// The captions of a video, in the first of `languages` that it has: those that people wrote before automatic ones.
    ///
    /// One request to YouTube: the address is in the video's description, which must be fresh (some hours at most).
    ///
    /// - Parameters:
    ///   - languages: Codes, best first; `*` is whatever is spoken.
    ///   - allowsTranslations: Whether a machine's translation will do where there is nothing else.
    /// - Throws: ``YtDlpError``: `upcoming`, `live`, `noCaptions` (with what there is instead), `captionsWithheld`,
    ///   `captionsEmpty`, `captionsDamaged`, `consent`, or whatever stands in the way; `CancellationError`.
    public func captions(
        of video: YtDlpVideo, languages: [String], allowsTranslations: Bool = false
    ) async throws -> CaptionFile {
        if let early = video.tooEarly { throw early }
        let choice = CaptionChoice(
            languages: languages, allowsTranslations: allowsTranslations, spoken: video.language)
        guard let track = choice.track(of: video.captions) else { throw video.lacksCaptions(in: languages) }
        return try await captions(track, of: video)
    }

    /// One caption track of a video.
    ///
    /// - Throws: ``YtDlpError``, or `CancellationError`.
    public func captions(_ track: CaptionTrack, of video: YtDlpVideo) async throws -> CaptionFile {
        guard let download = CaptionDownload(track), captionHosts.allow(download.link.address) else {
            throw YtDlpError(.noCaptions, detail: "\(track.key): no address that may be contacted")
        }
        let limits = YtDlpLimits.limits(YtDlpLimits.captionTime, YtDlpLimits.messageBytes)
        return try await YtDlpFolder.make(settings) { folder in
            let description = try folder.write(try download.description(of: video), as: "description.json")
            try await run(YtDlpArguments.captions(description: description), at: nil, in: folder, limits) { line in
                try DownloadLine(line).check(maximumBytes: YtDlpLimits.captionBytes)
            }
            return try download.file(in: folder)
        }
    }
}
