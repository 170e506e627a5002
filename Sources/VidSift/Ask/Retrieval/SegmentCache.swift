package import Database
internal import Foundation
package import Logging
internal import Providers

/// The segments of the channels in use, in memory, within a bound; whatever changes in the database is seen at the
/// next question.
package actor SegmentCache {
    /// Bytes of segments that are kept.
    let maximumBytes: Int
    private let database: Database
    private let logger: Logger
    /// Called when a damaged segment was put back to work.
    private let onDamaged: @Sendable () -> Void

    /// Where what takes milliseconds is computed, so that answers that are being sent go on meanwhile.
    let threads = ComputingThreads(name: "search", count: ProcessInfo.processInfo.activeProcessorCount)

    private var scopes: [String: CachedScope] = [:]
    private var loads: [String: Task<CachedScope, any Error>] = [:]
    /// The last index over several channels, and the versions it was made of.
    private var lastUnion: (versions: [String: Int], index: SearchIndex)?
    private var clock = 0

    /// The segments of a channel, or of the videos without one, as they were at a version.
    private struct CachedScope: Sendable {
        var version: Int
        var index: SearchIndex
        /// When each segment was made: tells the ones that have been replaced.
        var createdAt: [VideoID: Date]
        var lastUse = 0
    }

    package init(
        database: Database, maximumBytes: Int, logger: Logger, onDamaged: @escaping @Sendable () -> Void = {}
    ) {
        self.database = database
        self.maximumBytes = maximumBytes
        self.logger = logger
        self.onDamaged = onDamaged
    }

    /// Resident bytes of the segments that are kept.
    package var byteCount: Int { scopes.values.reduce(0) { $0 + $1.index.byteCount } }

    /// Brings the kept segments up to date, so that the next question need not wait for it. It would see the change
    /// anyway: each question compares the versions.
    package func follow() async throws {
        guard !scopes.isEmpty else { return }
        let versions = try await ScopeVersion.of(Array(scopes.keys), on: database)
        for (channel, version) in versions where scopes[channel].map({ $0.version != version }) ?? false {
            _ = try await current(channel)
        }
    }

    /// Searches a scope. What does not fit into the cache is searched in parts that do.
    nonisolated func search(_ query: SearchQuery, in scope: Scope) async throws -> SearchResult {
        let channels = try await StoredSegment.channels(of: scope, on: database)
        var query = query
        if case .videos(let ids) = scope { query.filter.videos = Set(ids.map(\.description)) }
        if try await serves(scope, channels) { return await search(query, in: try await union(of: channels)) }
        return try await searchInParts(query, in: scope)
    }

    private nonisolated func search(_ query: SearchQuery, in index: SearchIndex) async -> SearchResult {
        await threads.compute { index.search(query) }
    }

    /// Reads the scope part by part: once for the statistics by which words are weighed, once for the hits.
    private nonisolated func searchInParts(_ query: SearchQuery, in scope: Scope) async throws -> SearchResult {
        let parts = try await StoredSegment.list(in: scope, on: database).parts(ofAtMost: maximumBytes)
        guard parts.count > 1 else { return await search(query, in: try await index(of: parts.first ?? [])) }
        var counting = query
        counting.mode = .keyword
        counting.limit = 0
        var corpus = CorpusStatistics()
        for part in parts {
            corpus = corpus.adding(await search(counting, in: try await index(of: part)).statistics)
        }
        var query = query
        query.corpus = corpus
        var results: [SearchResult] = []
        for part in parts { results.append(await search(query, in: try await index(of: part))) }
        return SearchResult.merged(results, for: query)
    }

    private nonisolated func index(of part: [StoredSegment.Listing]) async throws -> SearchIndex {
        try Task.checkCancellation()
        var index = SearchIndex()
        try await add(part.map(\.videoID), to: &index)
        return index
    }

    /// Every passage of a scope that holds all words of a text.
    nonisolated func passages(holding text: QueryText, in scope: Scope) async throws -> [PassageMatches] {
        try await gather(from: scope) { index, videos in index.passages(holding: text, videos: videos) }
    }

    /// The most central passages of each video of a scope, as hits whose score is their centrality.
    nonisolated func digests(ofPassages count: Int, in scope: Scope) async throws -> [[SearchHit]] {
        try await gather(from: scope) { index, videos in index.digests(ofPassages: count, videos: videos) }
    }

    /// What a closure reads from the index of a scope; where that does not fit into the cache, from its parts.
    private nonisolated func gather<Found: Sendable>(
        from scope: Scope, _ read: @escaping @Sendable (SearchIndex, _ videos: Set<String>?) -> [Found]
    ) async throws -> [Found] {
        let channels = try await StoredSegment.channels(of: scope, on: database)
        var videos: Set<String>?
        if case .videos(let ids) = scope { videos = Set(ids.map(\.description)) }
        if try await serves(scope, channels) {
            let index = try await union(of: channels)
            return await threads.compute { [videos] in read(index, videos) }
        }
        var found: [Found] = []
        for part in try await StoredSegment.list(in: scope, on: database).parts(ofAtMost: maximumBytes) {
            let index = try await index(of: part)
            found += await threads.compute { [videos] in read(index, videos) }
        }
        return found
    }

    /// Whether the scope is searched in segments that are kept: single videos only where their channels are kept
    /// already, channels where they fit.
    private func serves(_ scope: Scope, _ channels: [String]) async throws -> Bool {
        let versions = try await ScopeVersion.of(channels, on: database)
        let stale = channels.filter { (scopes[$0]?.version ?? -1) != versions[$0, default: 0] }
        if stale.isEmpty { return true }
        if case .videos = scope { return false }
        var bytes = 0
        for channel in channels {
            bytes +=
                stale.contains(channel)
                ? try await StoredSegment.byteCount(channel: channel, on: database)
                : scopes[channel]?.index.byteCount ?? 0
            if bytes > maximumBytes { return false }
        }
        return true
    }

    /// The segments of several channels as one index; that of one channel as it is kept.
    private func union(of channels: [String]) async throws -> SearchIndex {
        guard channels.count != 1 else { return try await current(channels[0]).index }
        var versions: [String: Int] = [:]
        var parts: [SearchIndex] = []
        for channel in channels {
            let scope = try await current(channel)
            versions[channel] = scope.version
            parts.append(scope.index)
        }
        if let lastUnion, lastUnion.versions == versions { return lastUnion.index }
        var index = SearchIndex()
        for part in parts {
            for entry in part.entries { index.add(entry.segment, video: entry.video) }
        }
        lastUnion = (versions, index)
        return index
    }

    /// A channel as the database has it now.
    private func current(_ channel: String) async throws -> CachedScope {
        let before = scopes[channel]?.version
        let version = try await ScopeVersion.of(channel, on: database)
        if let before, before > version { forget(channel) }
        while true {
            if let known = scopes[channel], known.version >= version {
                touch(channel)
                return known
            }
            let load = loads[channel] ?? startLoad(channel)
            // However it ended, the next one who asks begins anew.
            defer { if loads[channel] == load { loads[channel] = nil } }
            let loaded = try await load.value
            if loaded.version > (scopes[channel]?.version ?? -1) { scopes[channel] = loaded }
            evict(keeping: channel)
        }
    }

    /// Versions only grow, unless the database was put back to an earlier state: then nothing that is kept counts.
    private func forget(_ channel: String) {
        scopes[channel] = nil
        loads[channel] = nil
        lastUnion = nil
    }

    /// One load serves all who ask meanwhile. It is not bound to any of them, and ends by itself: it reads one
    /// channel.
    private func startLoad(_ channel: String) -> Task<CachedScope, any Error> {
        let known = scopes[channel]
        let task = Task { try await self.load(channel, known: known) }
        loads[channel] = task
        return task
    }

    private nonisolated func load(_ channel: String, known: CachedScope?) async throws -> CachedScope {
        let version = try await ScopeVersion.of(channel, on: database)
        let listing = try await StoredSegment.list(channel: channel, on: database)
        var scope = known ?? CachedScope(version: version, index: SearchIndex(), createdAt: [:])
        scope.version = version
        let present = Set(listing.map(\.videoID))
        for video in scope.createdAt.keys where !present.contains(video) {
            scope.index.remove(video: video.description)
            scope.createdAt[video] = nil
        }
        let changed = listing.filter { scope.createdAt[$0.videoID] != $0.createdAt }
        for part in changed.parts(ofAtMost: Self.bytesPerRead) {
            try await add(part.map(\.videoID), to: &scope.index)
        }
        for segment in changed { scope.createdAt[segment.videoID] = segment.createdAt }
        return scope
    }

    /// Segments are read in statements of about this size.
    private static let bytesPerRead = 16 << 20

    private nonisolated func add(_ videos: [VideoID], to index: inout SearchIndex) async throws {
        for stored in try await StoredSegment.load(videos, on: database) {
            do {
                index.add(try Segment(stored.bytes), video: stored.videoID.description)
            } catch {
                await rebuild(stored, because: error)
            }
        }
    }

    /// A segment that can't be read is thrown away and built again from the transcript. Where even that fails (a full
    /// disk, a foreign lock) the search goes on without it, and the next load tries again.
    private nonisolated func rebuild(_ stored: StoredSegment, because error: SegmentError) async {
        logger.error(
            "a search segment is damaged and will be built again",
            metadata: ["video": "\(stored.videoID)", "error": "\(error)"])
        do {
            try await database.transaction { tx in
                try await StoredSegment.discard(
                    stored.videoID, model: stored.model, channel: stored.channelID, on: tx)
                try await StoredTranscript.acceptAgain(stored.videoID, on: tx)
            }
            onDamaged()
        } catch {
            logger.error(
                "a damaged segment could not be put back to work",
                metadata: ["video": "\(stored.videoID)", "error": "\(error)"])
        }
    }

    private func touch(_ channel: String) {
        clock += 1
        scopes[channel]?.lastUse = clock
    }

    /// Drops the channels that were used longest ago until the rest fits.
    private func evict(keeping channel: String) {
        var bytes = byteCount
        for (name, scope) in scopes.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where bytes > maximumBytes {
            guard name != channel else { continue }
            bytes -= scope.index.byteCount
            scopes[name] = nil
            lastUnion = nil
        }
    }
}

extension [StoredSegment.Listing] {
    /// The most segments of a run: they are named in one statement.
    private static var maximumRun: Int { 1_000 }

    /// Runs of segments of at most so many bytes; a larger segment is a run by itself.
    fileprivate func parts(ofAtMost maximum: Int) -> [[StoredSegment.Listing]] {
        var parts: [[StoredSegment.Listing]] = []
        var bytes = 0
        for segment in self {
            if parts.isEmpty || bytes + segment.byteCount > maximum || parts[parts.count - 1].count == Self.maximumRun {
                parts.append([])
                bytes = 0
            }
            parts[parts.count - 1].append(segment)
            bytes += segment.byteCount
        }
        return parts
    }
}
