internal import Foundation

/// The body of `POST /embeddings`.
struct EmbeddingRequest: Encodable {
    var input: [String]
    var model: String
    var dimensions: Int?
    var encodingFormat = "base64"

    init(_ texts: ArraySlice<String>, _ configuration: EndpointEmbeddingModel.Configuration) {
        input = Array(texts)
        model = configuration.model
        dimensions = configuration.requestsDimensions ? configuration.dimensions : nil
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return [UInt8](try encoder.encode(self))
    }

    private enum CodingKeys: String, CodingKey {
        case input, model, dimensions
        case encodingFormat = "encoding_format"
    }
}
