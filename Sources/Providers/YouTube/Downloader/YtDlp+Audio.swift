extension YtDlp {
    /// The sound of a video as a file.
    ///
    /// - Parameters:
    ///   - folder: Where the file is put, as `audio.` and the ending of its container; it must be there, and hold no
    ///     such file. When the download fails, nothing of it is left there.
    ///   - maximumBytes: The most that is downloaded.
    ///   - progress: Is told a few times a second how far it is.
    /// - Throws: ``YtDlpError`` (`tooLarge` beyond `maximumBytes`, `live` while it is being broadcast), what `progress`
    ///   throws, or `CancellationError`.
    public func audio(
        of video: YouTubeVideoID, into folder: String, maximumBytes: Int,
        progress: @escaping @Sendable (DownloadProgress) async throws -> Void = { _ in }
    ) async throws -> DownloadedAudio {
        let address = YouTubeLink.video(video).canonicalURL
        return try await audio(at: address, into: folder, maximumBytes: maximumBytes, progress: progress)
    }

    /// For tests, which download from a server of their own.
    func audio(
        at address: String, into folder: String, maximumBytes: Int,
        progress: @escaping @Sendable (DownloadProgress) async throws -> Void
    ) async throws -> DownloadedAudio {
        let limits = YtDlpLimits.limits(YtDlpLimits.audioTime, YtDlpLimits.messageBytes)
        let ending = AudioEnding()
        do {
            try await YtDlpFolder.make(settings) { own in
                let options = YtDlpArguments.audio(maximumBytes: maximumBytes)
                try await run(options, at: address, in: own, workingFolder: folder, limits) { bytes in
                    let line = DownloadLine(bytes)
                    try line.check(maximumBytes: maximumBytes)
                    if case .progress(let value) = line { try await progress(value) }
                    await ending.note(line)
                }
            }
            return try await ending.audio(in: folder, maximumBytes: maximumBytes)
        } catch {
            DownloadedAudio.remove(from: folder)
            throw error
        }
    }

    /// What the output said that tells how a download ended.
    private actor AudioEnding {
        private var file: DownloadLine.File?
        private var refusal: YtDlpError.Kind?

        func note(_ line: DownloadLine) {
            switch line {
            case .file(let file): self.file = file
            case .message(let text): refusal = FailureWords.refusal(of: text) ?? refusal
            case .progress: break
            }
        }

        func audio(in folder: String, maximumBytes: Int) throws -> DownloadedAudio {
            guard let file else { throw YtDlpError(refusal ?? .noFormats, detail: "no file was named") }
            let audio = try DownloadedAudio(file, in: folder)
            guard audio.bytes <= maximumBytes else { throw YtDlpError(.tooLarge) }
            return audio
        }
    }
}
