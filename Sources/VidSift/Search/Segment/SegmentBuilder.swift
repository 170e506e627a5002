/// A run of about 12 seconds inside a passage, with a vector of its own.
package struct UnitInput: Sendable {
    package var startMilliseconds: Int
    package var endMilliseconds: Int
    /// As many values as the segment has dimensions, or nil without an embedding model.
    package var embedding: ArraySlice<Float>?

    package init(startMilliseconds: Int, endMilliseconds: Int, embedding: ArraySlice<Float>? = nil) {
        self.startMilliseconds = startMilliseconds
        self.endMilliseconds = endMilliseconds
        self.embedding = embedding
    }
}

/// Collects the passages of one video and writes its segment.
package struct SegmentBuilder {
    package let language: String
    package let modelName: String
    package let dimensions: Int

    private let analysis: TextAnalysis
    private var numbers: [UInt64: Int] = [:]
    private var hashes: [UInt64] = []
    private var passages: [Passage] = []
    private var units: [Times] = []
    private var unitVectors: [QuantisedVector] = []
    private var passageVectors: [QuantisedVector] = []

    /// - Parameters:
    ///   - language: The transcript's language ("en-US"), nil when unknown: words are then not stemmed.
    ///   - modelName: The embedding model; empty without one.
    ///   - dimensions: Of its vectors; 0 without one.
    package init(language: String?, modelName: String = "", dimensions: Int = 0) {
        precondition((0...SegmentLayout.maximumDimensions).contains(dimensions))
        analysis = TextAnalysis(language: language)
        self.language = analysis.language
        self.modelName = modelName
        self.dimensions = dimensions
    }

    package var passageCount: Int { passages.count }

    /// Adds the next passage in the order of time.
    ///
    /// - Parameters:
    ///   - context: Title or chapter: its words count in BM25, but not in phrases.
    ///   - embedding: The passage's own vector, `dimensions` values.
    ///   - units: In the order of time.
    package mutating func addPassage(
        text: String, context: String? = nil, startMilliseconds: Int, endMilliseconds: Int,
        embedding: ArraySlice<Float>? = nil, units: [UnitInput] = []
    ) {
        precondition(passages.count < SegmentLayout.maximumPassages, "more passages than a segment holds")
        precondition(self.units.count + units.count <= SegmentLayout.maximumUnits, "more units than a segment holds")
        let words = analysis.terms(in: text).map { number(of: $0.hash) }
        let contextWords = context.map { analysis.terms(in: $0).map { number(of: $0.hash) } } ?? []
        passages.append(
            Passage(
                times: Times(startMilliseconds, endMilliseconds), words: words, contextWords: contextWords,
                firstUnit: self.units.count))
        for unit in units {
            self.units.append(Times(unit.startMilliseconds, unit.endMilliseconds))
            unitVectors.append(quantised(unit.embedding))
        }
        passageVectors.append(quantised(embedding))
    }

    /// The segment's bytes, as `SegmentLayout` describes them.
    package func build() -> [UInt8] {
        let postings = Postings(passages: passages, terms: hashes)
        var layout = SegmentLayout()
        layout.passages = passages.count
        layout.units = units.count
        layout.hasVectors = dimensions > 0
        layout.dimensions = dimensions
        layout.terms = hashes.count
        layout.bucketBits = postings.bucketBits
        layout.postings = postings.entries.count
        layout.words = passages.reduce(0) { $0 + $1.words.count }
        layout.hasWideSequence = hashes.count > Int(UInt16.max)
        layout.totalLength = passages.reduce(0) { $0 + $1.length }
        layout.languageBytes = language.utf8.count
        layout.modelBytes = modelName.utf8.count
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        writeTimes(into: &bytes, layout)
        postings.write(into: &bytes, layout)
        writeSequence(into: &bytes, layout, order: postings.order)
        bytes.replaceSubrange(layout.languageName..<layout.modelName, with: language.utf8)
        bytes.replaceSubrange(layout.modelName..<layout.modelName + layout.modelBytes, with: modelName.utf8)
        if layout.hasVectors { writeVectors(into: &bytes, layout) }
        layout.writeHeader(into: &bytes)
        return bytes
    }
}

extension SegmentBuilder {
    /// Milliseconds, kept within what the format holds (49 days).
    struct Times {
        var start: UInt32
        var end: UInt32

        init(_ start: Int, _ end: Int) {
            self.start = UInt32(clamping: start)
            self.end = UInt32(clamping: max(start, end))
        }
    }

    struct Passage {
        var times: Times
        /// Numbers of the terms in the order of their first occurrence in the video.
        var words: [Int]
        var contextWords: [Int]
        var firstUnit: Int
        var length: Int { words.count + contextWords.count }
    }

    private mutating func number(of hash: UInt64) -> Int {
        if let number = numbers[hash] { return number }
        numbers[hash] = hashes.count
        hashes.append(hash)
        return hashes.count - 1
    }

    private func quantised(_ embedding: ArraySlice<Float>?) -> QuantisedVector {
        precondition(embedding.map { $0.count == dimensions } ?? true, "a vector of other dimensions")
        return QuantisedVector(embedding ?? ArraySlice(repeating: 0, count: dimensions))
    }

    private func writeTimes(into bytes: inout [UInt8], _ layout: SegmentLayout) {
        bytes.write(passages.map(\.times.start), at: layout.passageStarts)
        bytes.write(passages.map(\.times.end), at: layout.passageEnds)
        bytes.write(passages.map { UInt32($0.length) }, at: layout.passageLengths)
        bytes.write(passages.map { UInt32($0.firstUnit) } + [UInt32(units.count)], at: layout.passageUnits)
        bytes.write(units.map(\.start), at: layout.unitStarts)
        bytes.write(units.map(\.end), at: layout.unitEnds)
    }

    private func writeSequence(into bytes: inout [UInt8], _ layout: SegmentLayout, order: [Int]) {
        var start: UInt32 = 0
        var offset = layout.sequence
        for (index, passage) in passages.enumerated() {
            bytes.write(start, at: layout.sequenceStarts + 4 * index)
            start += UInt32(passage.words.count)
            let words = passage.words.map { order[$0] }
            offset =
                layout.hasWideSequence
                ? bytes.write(words.map { UInt32($0) }, at: offset)
                : bytes.write(words.map { UInt16($0) }, at: offset)
        }
        bytes.write(start, at: layout.sequenceStarts + 4 * passages.count)
    }

    private func writeVectors(into bytes: inout [UInt8], _ layout: SegmentLayout) {
        var offset = layout.vectorRows
        for (index, vector) in (unitVectors + passageVectors).enumerated() {
            bytes.write(vector.scale.bitPattern, at: layout.scales + 4 * index)
            offset = bytes.write(vector.values, at: offset)
        }
    }
}
