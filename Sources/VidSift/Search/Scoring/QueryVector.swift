import CSearch

/// A query's embedding in the forms that the kernels compare.
struct QueryVector {
    let vector: QuantisedVector
    let signature: [UInt64]
    let kernel: csearch_kernel

    var dimensions: Int { vector.values.count }

    /// Nil for a vector without length.
    init?(_ values: [Float], kernel: csearch_kernel = csearch_best_kernel()) {
        vector = QuantisedVector(values[...])
        guard vector.scale > 0 else { return nil }
        self.kernel = kernel
        var signature = [UInt64](repeating: 0, count: (values.count + 63) / 64)
        csearch_signatures(vector.values, 1, values.count, &signature)
        self.signature = signature
    }

    /// Cosines of `count` rows of a segment from `first` on.
    @inline(__always)
    func cosines(_ view: SegmentView, first: Int, count: Int, into out: UnsafeMutablePointer<Float>) {
        csearch_dot_int8(
            kernel, vector.values, vector.scale, view.rows + first * dimensions, view.scales + first, count, dimensions,
            out)
    }

    /// Bits in which the signatures of all rows of a segment differ from the query's.
    @inline(__always)
    func distances(_ view: SegmentView, into out: UnsafeMutablePointer<UInt16>) {
        csearch_hamming(
            kernel, signature, view.signatures, Int(view.units + view.passages), signature.count, out)
    }
}
