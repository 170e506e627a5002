/// From the vectors of a text's tokens to the one vector of the text.
enum Pooling {
    /// Writes the mean of `tokens` (row-major, one row a token), scaled to unit length, into `values` from `offset` on.
    ///
    /// - Throws: ``ProviderError/Kind/computation`` when the mean has no direction (all zero, or not a number).
    static func mean(
        of tokens: UnsafeBufferPointer<Float>, dimensions: Int, into values: inout [Float], at offset: Int
    ) throws {
        try values.withUnsafeMutableBufferPointer { values in
            let sum = UnsafeMutableBufferPointer(rebasing: values[offset..<offset + dimensions])
            sum.update(repeating: 0)
            for row in stride(from: 0, to: tokens.count, by: dimensions) {
                for column in 0..<dimensions { sum[column] += tokens[row + column] }
            }
            guard scaleToUnitLength(sum) else {
                throw ProviderError(.computation, "The embedded model gave a vector without a direction.")
            }
        }
    }

    /// Scales `vector` to length 1; false, and unchanged, when it is zero or holds something that is not a number.
    static func scaleToUnitLength(_ vector: UnsafeMutableBufferPointer<Float>) -> Bool {
        var squares = 0.0
        for value in vector { squares += Double(value) * Double(value) }
        guard squares > 0, squares.isFinite else { return false }
        let scale = 1 / squares.squareRoot()
        for index in vector.indices { vector[index] = Float(Double(vector[index]) * scale) }
        return true
    }
}
