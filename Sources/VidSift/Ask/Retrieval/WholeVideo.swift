internal import Providers

extension Retriever {
    /// Fewer tokens than this no passage has, but for the last ones of chapters: a longer video is not even read.
    private static let leastTokensPerPassage = 60

    /// All that is said in a short video, in reading order, in the place of the passages that were found in it.
    ///
    /// Passages overlap: of each run as many are taken as it needs to miss nothing. Those that were found keep their
    /// scores.
    ///
    /// - Parameters:
    ///   - found: what a search of that video alone has found.
    ///   - tokens: what its passages may have in a prompt: `AnswerPrompt.passageTokens`.
    /// - Returns: nil where the video is not there or does not fit.
    /// - Throws: `DatabaseError`.
    package func whole(_ video: VideoID, found: Retrieval, tokens: Int) async throws -> Retrieval? {
        guard let known = try await Video.get(video, on: database), known.passages > 0,
            known.passages * Self.leastTokensPerPassage <= tokens * PassageCover.usualRepetition
        else { return nil }
        let hits = Dictionary(
            found.passages.map { ($0.passage.ordinal, $0.hit) }, uniquingKeysWith: { first, _ in first })
        let cover = PassageCover.of(try await StoredPassage.all(of: video, on: database))
        var whole = found
        whole.passages = cover.map { passage in
            Retrieval.Passage(
                hit: hits[passage.ordinal] ?? SearchHit(unfound: passage), passage: passage, video: known,
                pageBase: pageBase)
        }
        let fence = PassageFence(mark: PromptMark.random())
        return fence.block(whole.passages, tokens: tokens).count == whole.passages.count ? whole : nil
    }
}

/// Chooses passages that together hold all that is said.
enum PassageCover {
    /// How often a sentence stands in the passages of a video: they overlap by half and more.
    static let usualRepetition = 3

    /// - Parameter passages: of one video, in reading order.
    static func of(_ passages: [StoredPassage]) -> [StoredPassage] {
        var cover: [StoredPassage] = []
        var place = 0
        while place < passages.count {
            cover.append(passages[place])
            place = following(place, in: passages)
        }
        return cover
    }

    /// The last passage that begins with or before the last sentence of this one, or the next.
    private static func following(_ place: Int, in passages: [StoredPassage]) -> Int {
        let end = passages[place].sentences.last?.startMilliseconds ?? passages[place].startMilliseconds
        var next = place + 1
        while next + 1 < passages.count, passages[next + 1].startMilliseconds <= end { next += 1 }
        return next
    }
}

extension SearchHit {
    /// For a passage that no search has found.
    init(unfound passage: StoredPassage, score: Float = 0) {
        self.init(
            video: passage.videoID.description, passage: passage.ordinal,
            milliseconds: passage.startMilliseconds..<max(passage.startMilliseconds, passage.endMilliseconds),
            score: score, keywordScore: 0, unitScore: nil, passageScore: nil, units: [])
    }
}
