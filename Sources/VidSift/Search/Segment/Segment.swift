import CSearch

/// The searchable form of one video under one embedding model: immutable, and searched where it lies.
///
/// The format is described at `SegmentLayout`. The bytes are copied once, into memory aligned for the vector
/// instructions; nothing is decoded into objects.
package final class Segment: Sendable {
    let layout: SegmentLayout
    /// The primary language subtag ("en"), or empty.
    package let language: String
    /// The embedding model of the vectors, or empty.
    package let modelName: String
    /// Valid as long as the segment lives.
    let view: SegmentView

    // Sendable although raw: written in `init` only, freed in `deinit`.
    private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

    package var passageCount: Int { layout.passages }
    package var unitCount: Int { layout.units }
    /// Resident memory in bytes: the blob and the signatures derived from its vectors.
    package var byteCount: Int { memory.count }

    /// - Throws: `SegmentError` when the bytes aren't a segment of this version or are damaged in any way.
    package convenience init(_ bytes: [UInt8]) throws(SegmentError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SegmentError) in
                let layout = try SegmentLayout(header: bytes)
                try layout.validate(bytes)
                return layout
            }
        }
        self.init(bytes, layout: try result.get())
    }

    private init(_ bytes: [UInt8], layout: SegmentLayout) {
        let words = (layout.dimensions + 63) / 64
        let signatures = (bytes.count + 63) / 64 * 64
        let size = signatures + layout.vectors * words * 8
        let start = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        let memory = UnsafeMutableRawBufferPointer(start: start, count: size)
        memory.copyBytes(from: bytes)
        let base = UnsafeRawPointer(start)
        csearch_signatures(
            (base + layout.vectorRows).assumingMemoryBound(to: Int8.self), layout.vectors, layout.dimensions,
            (start + signatures).assumingMemoryBound(to: UInt64.self))
        self.layout = layout
        self.memory = memory
        view = SegmentView(base: base, layout: layout, signatures: base + signatures)
        language = String(decoding: bytes[layout.languageName..<layout.modelName], as: UTF8.self)
        modelName = String(decoding: bytes[layout.modelName..<layout.modelName + layout.modelBytes], as: UTF8.self)
    }

    deinit { memory.deallocate() }

    /// Start and end of a passage in milliseconds.
    package func passageTimes(_ passage: Int) -> Range<Int> {
        precondition((0..<layout.passages).contains(passage))
        return view.passageTimes(passage)
    }
}
