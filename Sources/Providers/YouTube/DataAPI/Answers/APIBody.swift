internal import Foundation

/// Reads the bodies of the Data API's answers.
enum APIBody {
    /// - Parameter key: Is struck out of what is kept of an answer that can't be read.
    /// - Throws: ``ProviderError`` of kind `invalidResponse` for what is not JSON, cut short, or of another form.
    static func decode<Body: Decodable>(_ type: Body.Type, from answer: YouTubeAnswer, key: Secret) throws -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(answer.body))
        } catch {
            let form = answer.body.isEmpty ? "is empty" : "is not the JSON that it should be"
            let what = answer.isWebPage ? "is a web page" : form
            throw ProviderError(
                .invalidResponse, "The answer of the \(APIFailure.name) \(what).",
                detail: answer.beginning.isEmpty ? nil : key.struckOut(of: answer.beginning), status: answer.status)
        }
    }
}

/// A number that the API writes as a string; anything else is none.
struct APINumber: Decodable {
    var value: Int?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = (try? container.decode(String.self)).flatMap(Int.init) ?? (try? container.decode(Int.self))
    }
}
