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
        /// One of YouTube whose time has not come.
        case later(Video, reason: String)
        case channel(Channel, ChannelReport)
        case skipped(path: String, reason: String)
        case failed(path: String, reason: String)

        var isFailure: Bool {
            if case .failed = self { return true }
            return false
        }
    }

    /// A file and the channel it goes to.
    private struct Item {
        var file: AddedFile
        var channel: ChannelChoice

        var name: String { file.fileName }
    }

    /// What reading a file has come to.
    private enum Reading {
        case accepted(Acceptance)
        case refused(IngestError)
    }

    /// Reads the files and writes them down in order, and tells of each as soon as it and those before it are indexed:
    /// workers have many at a time.
    ///
    /// - Parameters:
    ///   - onBegin: called with what is waited for.
    ///   - onOutcome: called as soon as a file is done.
    func run(
        _ paths: [String], onBegin: (_ label: String) throws -> Void, onOutcome: (Outcome) throws -> Void
    ) async throws {
        let items = try await list(paths, onOutcome)
        if title != nil, items.count > 1 { throw AddingError.titleOfSeveral(items.count) }
        try await library.adoptOrphans()
        let kinds = items.contains(where: \.file.isRecording) ? [TranscribeVideoJob.kind] : []
        try await WorkingHere(library, on: kinds + [IndexVideoJob.kind]).during {
            let (readings, continuation) = AsyncThrowingStream.makeStream(of: Reading.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await read(items, into: continuation) }
                defer { group.cancelAll() }
                var index = 0
                for try await reading in readings {
                    let item = items[index]
                    index += 1
                    try onBegin(items.count > 1 ? "\(index)/\(items.count) \(item.name)" : item.name)
                    try onOutcome(try await outcome(of: reading, item))
                }
                try Task.checkCancellation()
            }
        }
        try await finishLeftovers(onBegin)
    }

    private func list(_ paths: [String], _ onOutcome: (Outcome) throws -> Void) async throws -> [Item] {
        var items: [Item] = []
        for path in paths {
            do {
                let listing = try await withoutRefused(
                    AddedFile.list(path, languages: library.settings.captionLanguages), of: path, onOutcome)
                items += listing.files.map { Item(file: $0, channel: choice(listing.channel)) }
                for skipped in listing.skipped { try onOutcome(.skipped(path: skipped.path, reason: skipped.reason)) }
            } catch let error as IngestError {
                try onOutcome(.failed(path: path, reason: error.description))
            }
        }
        return items
    }

    /// Of a folder only what can be taken in, where nobody listens to recordings: the others are named.
    private func withoutRefused(
        _ listing: FileListing, of path: String, _ onOutcome: (Outcome) throws -> Void
    ) async throws -> FileListing {
        guard listing.isFolder, listing.files.contains(where: \.isRecording),
            let refusal = try await library.recordings.refusal()
        else { return listing }
        var listing = listing
        for file in listing.files where file.isRecording {
            try onOutcome(.skipped(path: file.path, reason: refusal.description))
        }
        listing.files.removeAll(where: \.isRecording)
        guard !listing.files.isEmpty else { throw IngestError.nothingToAdd(path: path) }
        return listing
    }

    private func choice(_ manifest: String?) -> ChannelChoice {
        (channel ?? manifest).map(ChannelChoice.named) ?? .library
    }

    private func read(
        _ items: [Item], into readings: AsyncThrowingStream<Reading, any Error>.Continuation
    ) async {
        do {
            var added: Set<VideoID> = []
            for item in items {
                try Task.checkCancellation()
                do {
                    var acceptance = try await accept(item, isOnlyOne: items.count == 1)
                    acceptance.isNamedBefore = !added.insert(acceptance.video).inserted
                    readings.yield(.accepted(acceptance))
                } catch let error as IngestError {
                    readings.yield(.refused(error))
                }
            }
            readings.finish()
        } catch {
            readings.finish(throwing: error)
        }
    }

    /// A single file goes first: somebody sits there. Many take turns with what others want.
    private func accept(_ item: Item, isOnlyOne: Bool) async throws -> Acceptance {
        let priority = isOnlyOne ? JobPriority.high : .normal
        let outcome =
            if item.file.isRecording {
                try await library.recordings.accept(
                    RecordingIntake.Submission(item.file, title: title, language: language), channel: item.channel,
                    requester: Self.requester, priority: priority)
            } else {
                try await library.ingest.accept(
                    Ingest.Submission(item.file, title: title, language: language), channel: item.channel,
                    requester: Self.requester, priority: priority)
            }
        return try await Acceptance(outcome, in: library)
    }

    /// Whoever has the command line is the library's owner.
    private static let requester = "owner"

    private func outcome(of reading: Reading, _ item: Item) async throws -> Outcome {
        switch reading {
        case .refused(let error): .failed(path: item.file.path, reason: error.description)
        case .accepted(let acceptance):
            switch try await acceptance.end(in: library, onProgress: onProgress) {
            case .ready(let video): acceptance.outcome(video)
            case .failed(let reason): .failed(path: item.file.path, reason: "\(item.name): \(reason)")
            }
        }
    }

    /// What an earlier run left, that is not among these files; where another process works in the folder, it does that
    /// by itself.
    private func finishLeftovers(_ onBegin: (_ label: String) throws -> Void) async throws {
        guard library.settings.storage.folder != nil, try !library.settings.storage.isWorkedElsewhere else { return }
        if try await Job.isAnyOpen(of: [IndexVideoJob.kind], on: library.database) {
            try onBegin("what an earlier run left")
        }
        try await WorkingHere(library, on: [IndexVideoJob.kind]).drain()
    }
}

/// A wish that can't be granted.
enum AddingError: Error, CustomStringConvertible {
    case titleOfSeveral(Int)
    case optionsOfFiles

    var description: String {
        switch self {
        case .optionsOfFiles:
            "--channel, --title and --language are for files: YouTube itself says them of its videos. Add links alone."
        case .titleOfSeveral(let count): "--title names one video, and these are \(count) files."
        }
    }
}

extension Ingest.Submission {
    fileprivate init(_ file: AddedFile, title: String?, language: String?) throws {
        self.init(
            bytes: try file.read(), fileName: file.fileName, key: file.key, sourceID: file.sourceID,
            youtubeID: file.youtubeID, title: title ?? file.title, language: language ?? file.language)
    }
}

extension RecordingIntake.Submission {
    fileprivate init(_ file: AddedFile, title: String?, language: String?) {
        self.init(
            path: file.path, fileName: file.fileName, key: file.key, sourceID: file.sourceID,
            youtubeID: file.youtubeID, title: title ?? file.title, language: language ?? file.language)
    }
}

extension AddedFile {
    /// A file is known by its absolute path.
    fileprivate var key: String { "file:\(path)" }
}
