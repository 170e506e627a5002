internal import Database
internal import Foundation
internal import Logging
internal import Providers
internal import VidSift

/// Looks at everything that the program stands on, from the settings upwards. It changes nothing of the library.
struct Examination {
    /// Less room than this on the disk is a warning, in bytes.
    private static let littleSpace: Int64 = 500 << 20

    private let options: GlobalOptions
    /// Whether YouTube is really asked.
    private let asksYouTube: Bool
    /// What is found is told by the findings, not by the log.
    private let logger = Logger.standardError(.critical)

    init(_ options: GlobalOptions, asksYouTube: Bool) {
        self.options = options
        self.asksYouTube = asksYouTube
    }

    func findings() async -> [Finding] {
        let settings: Settings
        do {
            settings = try await options.settings()
        } catch {
            return [.broken("settings", Failure.explanation(of: error), remedy: "correct .env or the environment")]
        }
        let embedder = settings.embedding.embedder(logger: logger)
        var findings = [Finding.fine("settings", "the environment and .env are in order")]
        if let path = settings.storage.folder { findings += folder(path) }
        findings.append(await model(embedder))
        findings.append(await languageModel(settings.chat))
        findings += await DownloaderExamination(settings: settings.youtube).findings()
        if asksYouTube { findings += await NetworkExamination(settings: settings.youtube).findings() }
        findings += await library(in: settings.storage, model: embedder.segmentModel, youtube: settings.youtube)
        await embedder.close()
        return findings
    }

    private func folder(_ path: String) -> [Finding] {
        let subject = "data folder"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return [.fine(subject, "\(path) is not there yet: the first `vidsift add` makes it")]
        }
        guard isFolder.boolValue else {
            return [.broken(subject, "\(path) is not a folder", remedy: "choose another with --data-dir or DATA_DIR")]
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            return [.broken(subject, "\(path) can't be written to", remedy: "chown -R $USER '\(path)'")]
        }
        return [.fine(subject, URL(fileURLWithPath: path).standardizedFileURL.path), space(path)] + [server(path)]
    }

    private func space(_ path: String) -> Finding {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
            return .warning("disk", "how much room is left can't be told")
        }
        let megabytes = "\(free >> 20) MB are free"
        return free < Self.littleSpace
            ? .warning("disk", megabytes, remedy: "make room, or move the data folder") : .fine("disk", megabytes)
    }

    private func server(_ path: String) -> Finding {
        // Only an existing lock file can be held; making one would be a change.
        guard FileManager.default.fileExists(atPath: path + "/server.lock") else {
            return .fine("server", "not running")
        }
        do {
            try DataDirectory(path).lockForServing().release()
            return .fine("server", "not running")
        } catch {
            return .fine("server", "`vidsift serve` is using the folder")
        }
    }

    private func model(_ embedder: Embedder) async -> Finding {
        let subject = "embedding model"
        let start = ContinuousClock.now
        do {
            guard try await embedder.embed(["How are you?"]) != nil, let identity = embedder.identity else {
                return .warning(
                    subject, "search goes by words alone: \(embedder.absence ?? "there is none")",
                    remedy: "scripts/setup")
            }
            let time = Int((ContinuousClock.now - start) / .milliseconds(1))
            return .fine(subject, "\(identity.name), \(identity.dimensions) dimensions; first vector in \(time) ms")
        } catch {
            return .warning(
                subject, Failure.explanation(of: error), remedy: "look at EMBEDDING_BASE_URL and EMBEDDING_API_KEY")
        }
    }

    private func languageModel(_ chat: ChatSettings?) async -> Finding {
        let subject = "language model"
        guard let chat else {
            return .fine(subject, "none: answers are quotes (OPENAI_API_KEY, or OPENAI_BASE_URL and CHAT_MODEL)")
        }
        let model = chat.chatModel()
        let start = ContinuousClock.now
        let finding: Finding
        do {
            let prompt = ChatPrompt([ChatTurn(.user, "Say yes.")], maximumTokens: Self.answeredTokens)
            _ = try await model.answer(prompt) { _ in }
            let time = Int((ContinuousClock.now - start) / .milliseconds(1))
            finding = .fine(subject, "\(chat.model), \(chat.contextTokens) tokens of context; answered in \(time) ms")
        } catch {
            finding = .warning(
                subject, Failure.explanation(of: error),
                remedy: "look at OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL")
        }
        await model.close()
        return finding
    }

    /// What the language model is asked for, to see that it answers.
    private static let answeredTokens = 8

    private func library(in storage: Storage, model: String, youtube: YouTubeSettings) async -> [Finding] {
        if let folder = storage.folder, !FileManager.default.fileExists(atPath: DataDirectory.database(in: folder)) {
            return [.fine("library", "empty; `vidsift add` of a folder of captions, or of a link to YouTube, fills it")]
        }
        do {
            let database = try await storage.open(logger: logger)
            let findings = await LibraryExamination(database: database, model: model, youtube: youtube).findings()
            try await database.close()
            return findings
        } catch {
            return [.broken("database", Failure.explanation(of: error), remedy: Self.remedy(for: storage))]
        }
    }

    private static func remedy(for storage: Storage) -> String {
        guard let folder = storage.folder else {
            return "look at DATABASE_URL, and whether the server runs and lets this machine in"
        }
        return
            "put a backup of \(DataDirectory.database(in: folder)) in its place, or move it away and add the files again"
    }
}
