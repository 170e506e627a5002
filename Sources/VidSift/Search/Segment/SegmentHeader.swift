import CSearch

extension SegmentLayout {
    /// Reads the header of a blob and checks it against the blob's length and checksum.
    init(header bytes: UnsafeRawBufferPointer) throws(SegmentError) {
        guard bytes.count >= Self.headerBytes else {
            throw SegmentError(kind: .tooShort, detail: "it has \(bytes.count) bytes")
        }
        guard bytes.prefix(4).elementsEqual(Self.magic) else {
            throw SegmentError(kind: .notASegment, detail: "it doesn't begin like a segment")
        }
        let version = bytes.read(UInt16.self, at: 4)
        guard version == Self.version else {
            throw SegmentError(kind: .unknownVersion, detail: "its version is \(version), not \(Self.version)")
        }
        guard bytes.read(UInt32.self, at: 16) == bytes.count, bytes.count <= Self.maximumBytes else {
            throw SegmentError(kind: .wrongLength, detail: "it has \(bytes.count) bytes, not what its header says")
        }
        guard bytes.read(UInt64.self, at: 8) == Self.checksum(of: bytes) else {
            throw SegmentError(kind: .wrongChecksum, detail: "its checksum doesn't match")
        }
        let flags = bytes.read(UInt16.self, at: 6)
        hasVectors = flags & Self.vectorsFlag != 0
        hasWideSequence = flags & Self.wideSequenceFlag != 0
        passages = Int(bytes.read(UInt32.self, at: 20))
        units = Int(bytes.read(UInt32.self, at: 24))
        dimensions = Int(bytes.read(UInt32.self, at: 28))
        terms = Int(bytes.read(UInt32.self, at: 32))
        bucketBits = Int(bytes.read(UInt32.self, at: 36))
        postings = Int(bytes.read(UInt32.self, at: 40))
        words = Int(bytes.read(UInt32.self, at: 44))
        languageBytes = Int(bytes.read(UInt16.self, at: 48))
        modelBytes = Int(bytes.read(UInt16.self, at: 50))
        totalLength = Int(bytes.read(UInt32.self, at: 52))
        guard
            passages <= Self.maximumPassages, units <= Self.maximumUnits, dimensions <= Self.maximumDimensions,
            flags & ~(Self.vectorsFlag | Self.wideSequenceFlag) == 0, bucketBits <= Self.maximumBucketBits,
            hasVectors == (dimensions > 0), byteCount == bytes.count
        else {
            throw SegmentError(kind: .invalidContent, detail: "its counts contradict each other")
        }
    }

    /// Writes the header into the first 64 bytes of a blob whose other bytes are in place.
    func writeHeader(into bytes: inout [UInt8]) {
        bytes.replaceSubrange(0..<4, with: Self.magic)
        let flags = (hasVectors ? Self.vectorsFlag : 0) | (hasWideSequence ? Self.wideSequenceFlag : 0)
        bytes.write(Self.version, at: 4)
        bytes.write(flags, at: 6)
        let counts = [bytes.count, passages, units, dimensions, terms, bucketBits, postings, words]
        for (index, count) in counts.enumerated() { bytes.write(UInt32(count), at: 16 + 4 * index) }
        bytes.write(UInt16(languageBytes), at: 48)
        bytes.write(UInt16(modelBytes), at: 50)
        bytes.write(UInt32(totalLength), at: 52)
        let checksum = bytes.withUnsafeBytes { Self.checksum(of: $0) }
        bytes.write(checksum, at: 8)
    }

    /// XXH64 of everything behind the checksum itself.
    static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        let covered = UnsafeRawBufferPointer(rebasing: bytes[16...])
        return csearch_hash(covered.baseAddress, covered.count)
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian integer at an offset.
    func read<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
        T(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}

extension [UInt8] {
    /// Puts a little-endian integer at an offset.
    mutating func write<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        write(CollectionOfOne(value), at: offset)
    }

    /// Puts little-endian integers one after the other; returns the offset behind the last.
    @discardableResult
    mutating func write<T: FixedWidthInteger & BitwiseCopyable>(_ values: some Collection<T>, at offset: Int) -> Int {
        let end = offset + values.count * MemoryLayout<T>.size
        precondition(offset >= 0 && end <= count, "a part of the segment lies outside of it")
        withUnsafeMutableBytes { bytes in
            var offset = offset
            for value in values {
                bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
                offset += MemoryLayout<T>.size
            }
        }
        return end
    }
}
