internal import Foundation
internal import VidSift

/// Adds the files of some paths one by one, and goes on where one fails.
struct Adding: Sendable {
    let library: Components
    /// Goes before the name in a folder's manifest.
    var channel: String?
    var title: String?
    var language: String?
    /// Called with how much of the file at hand is done, 0...1.
    var onProgress: @Sendable (Double) -> Void = { _ in }

    /// What became of one path or file.
    enum Outcome: Sendable {
        case added(Video)
        case replaced(Video)
        case unchanged(Video)
        /// What an earlier run had left half done.
        case finished(Video)
        case skipped(path: String, reason: String)
        case failed(path: String, reason: String)

        var isFailure: Bool {
            if case .failed = self { return true }
            return false
        }
    }

    /// A file and the channel it goes to.
    private struct Item {
        var file: CaptionFile
        var channel: ChannelChoice

        var name: String { URL(fileURLWithPath: file.path).lastPathComponent }
    }

    /// - Parameters:
    ///   - onBegin: called with the name of each file and how many there are.
    ///   - onOutcome: called as soon as a file is done.
    func run(
        _ paths: [String], onBegin: (_ name: String, _ number: Int, _ of: Int) throws -> Void,
        onOutcome: (Outcome) throws -> Void
    ) async throws {
        var items: [Item] = []
        for path in paths {
            do {
                let listing = try CaptionFile.list(path, languages: library.settings.captionLanguages)
                items += listing.files.map { Item(file: $0, channel: choice(listing.channel)) }
                for skipped in listing.skipped { try onOutcome(.skipped(path: skipped.path, reason: skipped.reason)) }
            } catch let error as IngestError {
                try onOutcome(.failed(path: path, reason: error.description))
            }
        }
        if title != nil, items.count > 1 { throw AddingError.titleOfSeveral(items.count) }
        try await library.adoptOrphans()
        try await library.working {
            for (index, item) in items.enumerated() {
                try Task.checkCancellation()
                try onBegin(item.name, index + 1, items.count)
                try onOutcome(try await outcome(of: item))
            }
        }
        // What an earlier run left, that is not among these files; a server that is running does that itself.
        if library.settings.storage.folder != nil {
            try await library.settings.storage.unlessServed { try await library.worker.drain() }
        }
    }

    private func choice(_ manifest: String?) -> ChannelChoice {
        (channel ?? manifest).map(ChannelChoice.named) ?? .library
    }

    private func outcome(of item: Item) async throws -> Outcome {
        do {
            return try await add(item)
        } catch let error as IngestError {
            return .failed(path: item.file.path, reason: error.description)
        }
    }

    private func add(_ item: Item) async throws -> Outcome {
        let submission = try Ingest.Submission(item.file, title: title, language: language)
        let accepted = try await library.ingest.accept(submission, channel: item.channel, priority: .high)
        let before = try await Video.get(accepted.videoID, on: library.database)
        func failed(_ reason: String) -> Outcome {
            .failed(path: item.file.path, reason: "\(item.name): \(reason)")
        }
        if let job = try await job(of: accepted) {
            switch try await library.queue.waitForEnd(of: job, onProgress: { onProgress($0.fraction) }) {
            case .ended(.buried, let reason): return failed(reason ?? "it was given up")
            case .ended(.cancelled, _): return failed("it was cancelled")
            case .ended(.completed, _), .unknown: break
            case .putOff(let reason):
                return failed("\(reason) Adding it again tries again, and so does `vidsift serve`.")
            }
        }
        guard let video = try await Video.get(accepted.videoID, on: library.database) else {
            return failed("the video was removed meanwhile")
        }
        guard video.state == .ready else { return failed(video.lastError ?? "its index is not made yet") }
        switch accepted {
        case .accepted(_, _, isReplacement: false): return .added(video)
        case .accepted(_, _, isReplacement: true): return .replaced(video)
        case .unchanged: return before?.stage == nil ? .unchanged(video) : .finished(video)
        }
    }
}

extension Adding {
    /// The job to wait for; one that waits for its next attempt makes it now.
    private func job(of accepted: Ingest.Outcome) async throws -> JobID? {
        switch accepted {
        case .accepted(_, let job, _): return job
        case .unchanged(let video):
            let job = try await Job.get(IndexVideoJob.kind, video.description, on: library.database)
            if let job { _ = try await library.queue.retry(job.id) }
            return job?.id
        }
    }
}

/// A wish that can't be granted.
enum AddingError: Error, CustomStringConvertible {
    case titleOfSeveral(Int)

    var description: String {
        switch self {
        case .titleOfSeveral(let count): "--title names one video, and these are \(count) files."
        }
    }
}

extension Ingest.Submission {
    /// What is submitted for a file: it is known by its absolute path.
    fileprivate init(_ file: CaptionFile, title: String?, language: String?) throws {
        self.init(
            bytes: try file.read(), fileName: URL(fileURLWithPath: file.path).lastPathComponent,
            key: "file:\(file.path)", sourceID: file.sourceID, youtubeID: file.youtubeID, title: title ?? file.title,
            language: language ?? file.language)
    }
}
