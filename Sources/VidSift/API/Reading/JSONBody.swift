internal import Foundation
internal import Hummingbird
internal import NIOCore

extension Request {
    /// The body as a value, and the body kept, so that the connection can be watched afterwards.
    ///
    /// - Throws: `Problem` where it is too large; `DecodingError`, which names the field.
    mutating func json<Body: Decodable>(_ type: Body.Type = Body.self) async throws -> Body {
        try Self.decode(type, from: await jsonBytes())
    }

    /// The same where there may be no body at all; nil then.
    mutating func optionalJSON<Body: Decodable>(_ type: Body.Type = Body.self) async throws -> Body? {
        let bytes = try await jsonBytes()
        return bytes.readableBytes == 0 ? nil : try Self.decode(type, from: bytes)
    }

    private mutating func jsonBytes() async throws -> ByteBuffer {
        try await boundedBody(API.maximumBodyBytes, whatIsTooLarge: "The request body")
    }

    private static func decode<Body: Decodable>(_ type: Body.Type, from bytes: ByteBuffer) throws -> Body {
        try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
    }

    /// The whole body, at most so many bytes of it; one that says it is larger is not read.
    mutating func boundedBody(_ maximum: Int, whatIsTooLarge: String) async throws -> ByteBuffer {
        let problem = Problem.tooLarge("\(whatIsTooLarge) is too large: at most \(maximum) bytes are taken.")
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > maximum { throw problem }
        do {
            return try await collectBody(upTo: maximum)
        } catch is NIOTooManyBytesError {
            throw problem
        }
    }
}
