internal import Foundation

/// The body of an endpoint's answer to `POST /embeddings`, read and checked.
enum EmbeddingAnswer {
    private struct Body: Decodable {
        var data: [Item]
    }

    private struct Item: Decodable {
        var index: Int?
        var embedding: Vector
    }

    /// A vector as numbers, or as base64 of little-endian Float32.
    private enum Vector: Decodable {
        case numbers([Float])
        case base64(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .base64(text)
            } else {
                self = .numbers(try container.decode([Float].self))
            }
        }
    }

    /// The vectors in `bytes`, in the order of the texts that were asked for, scaled to length 1.
    ///
    /// - Throws: ``ProviderError`` of kind `invalidResponse` or `wrongDimensions`.
    static func vectors(in bytes: [UInt8], count: Int, dimensions: Int) throws -> [Float] {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes)) else {
            throw invalid("is not a list of embeddings", bytes)
        }
        guard body.data.count == count else {
            throw invalid("has \(body.data.count) vectors where \(count) were asked for")
        }
        var values = [Float](repeating: 0, count: count * dimensions)
        var isFilled = [Bool](repeating: false, count: count)
        for (position, item) in body.data.enumerated() {
            let row = item.index ?? position
            guard isFilled.indices.contains(row), !isFilled[row] else {
                throw invalid("has a vector with the index \(row), which is out of range or came twice")
            }
            isFilled[row] = true
            try place(try numbers(item.embedding), at: row, in: &values, dimensions: dimensions)
        }
        return values
    }

    private static func place(_ vector: [Float], at row: Int, in values: inout [Float], dimensions: Int) throws {
        guard vector.count == dimensions else {
            throw ProviderError(
                .wrongDimensions,
                "The embeddings endpoint gave vectors of \(vector.count) numbers; \(dimensions) were expected.")
        }
        values.replaceSubrange(row * dimensions..<(row + 1) * dimensions, with: vector)
        let hasDirection = values.withUnsafeMutableBufferPointer {
            Pooling.scaleToUnitLength(
                UnsafeMutableBufferPointer(rebasing: $0[row * dimensions..<(row + 1) * dimensions]))
        }
        guard hasDirection else { throw invalid("has a vector of zeros, or with something that is not a number") }
    }

    private static func numbers(_ vector: Vector) throws -> [Float] {
        switch vector {
        case .numbers(let numbers): return numbers
        case .base64(let text):
            guard let bytes = Data(base64Encoded: text), bytes.count % 4 == 0 else {
                throw invalid("has a vector that is not base64 of 32-bit numbers")
            }
            return bytes.withUnsafeBytes { bytes in
                (0..<bytes.count / 4).map {
                    Float(
                        bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
                }
            }
        }
    }

    private static func invalid(_ what: String, _ bytes: [UInt8] = []) -> ProviderError {
        let detail = bytes.isEmpty ? nil : String(decoding: bytes.prefix(200), as: UTF8.self)
        return ProviderError(.invalidResponse, "The answer of the embeddings endpoint \(what).", detail: detail)
    }
}
