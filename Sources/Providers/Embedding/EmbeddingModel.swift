/// Turns texts into vectors whose dot product says how close their meanings are.
public protocol EmbeddingModel: Sendable {
    /// Which model this is: vectors of different identities cannot be compared.
    var identity: EmbeddingModelIdentity { get }

    /// The most tokens of one text that are read; the rest of a longer text is not embedded.
    var maximumTokens: Int { get }

    /// One unit-length vector a text, in the order of the texts.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError` when the task is cancelled.
    func embed(_ texts: [String]) async throws -> Embeddings

    /// Gives back what the model holds; later calls of ``embed(_:)`` fail with ``ProviderError/Kind/closed``.
    func close() async
}

/// The name and size by which stored vectors are told apart.
public struct EmbeddingModelIdentity: Sendable, Hashable {
    /// For instance `all-MiniLM-L6-v2-int8`.
    public var name: String
    /// Numbers in a vector.
    public var dimensions: Int

    /// Creates an identity.
    public init(name: String, dimensions: Int) {
        self.name = name
        self.dimensions = dimensions
    }
}

/// Vectors of unit length, one a text, in one flat array.
public struct Embeddings: Sendable, Equatable {
    /// Numbers in a vector.
    public let dimensions: Int
    /// Row-major, `count * dimensions` numbers.
    public let values: [Float]

    /// Creates vectors from `values`, whose count must be a multiple of `dimensions`.
    public init(dimensions: Int, values: [Float]) {
        precondition(dimensions > 0 && values.count % dimensions == 0)
        self.dimensions = dimensions
        self.values = values
    }

    /// How many vectors there are.
    public var count: Int { values.count / dimensions }

    /// The vector of the text at `row`.
    public subscript(row: Int) -> ArraySlice<Float> { values[row * dimensions..<(row + 1) * dimensions] }
}
