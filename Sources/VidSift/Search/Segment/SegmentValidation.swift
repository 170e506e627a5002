extension SegmentLayout {
    /// Checks every offset inside a segment once, so that the search may follow them without looking.
    func validate(_ bytes: UnsafeRawBufferPointer) throws(SegmentError) {
        try require(rises(bytes, at: passageUnits, count: passages + 1, to: units), "units of passages")
        try require(rises(bytes, at: sequenceStarts, count: passages + 1, to: words), "words of passages")
        try require(rises(bytes, at: buckets, count: 1 << bucketBits + 1, to: terms), "buckets of terms")
        try require(rises(bytes, at: termTable + 4, count: terms + 1, stride: 8, to: postings), "postings of terms")
        try require(postingsAreInOrder(bytes), "passages of postings")
        try require(sequenceIsInBounds(bytes), "terms of words")
        try require(lengthsAddUp(bytes), "lengths of passages")
        try require(scalesAreSound(bytes), "scales of vectors")
    }

    private func require(_ condition: Bool, _ what: String) throws(SegmentError) {
        guard condition else { throw SegmentError(kind: .invalidContent, detail: "the \(what) are out of bounds") }
    }

    /// True for a list that begins with 0, never falls and ends with `last`.
    private func rises(_ bytes: UnsafeRawBufferPointer, at offset: Int, count: Int, stride: Int = 4, to last: Int)
        -> Bool
    {
        var previous: UInt32 = 0
        guard bytes.read(UInt32.self, at: offset) == 0 else { return false }
        for index in 0..<count {
            let value = bytes.read(UInt32.self, at: offset + stride * index)
            guard value >= previous else { return false }
            previous = value
        }
        return previous == last
    }

    private func postingsAreInOrder(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for term in 0..<terms {
            let first = Int(bytes.read(UInt32.self, at: termTable + 8 * term + 4))
            let end = Int(bytes.read(UInt32.self, at: termTable + 8 * term + 12))
            var previous = -1
            for index in first..<end {
                let passage = Int(bytes.read(UInt32.self, at: postingList + 4 * index) & 0xFFFF)
                guard passage > previous, passage < passages else { return false }
                previous = passage
            }
        }
        return true
    }

    private func sequenceIsInBounds(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<words {
            let term =
                hasWideSequence
                ? Int(bytes.read(UInt32.self, at: sequence + 4 * index))
                : Int(bytes.read(UInt16.self, at: sequence + 2 * index))
            guard term < terms else { return false }
        }
        return true
    }

    private func lengthsAddUp(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var sum = 0
        for passage in 0..<passages { sum += Int(bytes.read(UInt32.self, at: passageLengths + 4 * passage)) }
        return sum == totalLength
    }

    private func scalesAreSound(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (0..<vectors).allSatisfy { index in
            let scale = Float(bitPattern: bytes.read(UInt32.self, at: scales + 4 * index))
            return scale >= 0 && scale <= QuantisedVector.maximumScale
        }
    }
}
