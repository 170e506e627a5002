internal import Foundation

/// What an endpoint says of a failure, in any of the forms that servers use: `{"error":{"message":…}}`,
/// `{"error":"…"}`, `{"message":…}`, `{"detail":"…"}`, or one of these in an array. What some call the error's `type`
/// others call its `name`.
struct EndpointErrorBody: Sendable {
    var message: String?
    var type: String?
    var code: String?
    /// The HTTP status: some servers send it in the body, too, where an error in the middle of a stream has it from.
    var status: Int?

    init(_ bytes: [UInt8]) {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        let body = (try? decoder.decode(Body.self, from: data)) ?? (try? decoder.decode([Body].self, from: data))?.first
        message = body?.fields.message
        type = body?.fields.type
        code = body?.fields.code
        status = body?.fields.status
    }

    private struct Body: Decodable {
        var fields: Fields

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            if let inner = try? container.decode(Fields.self, forKey: .error) {
                fields = inner
                return
            }
            fields = try Fields(from: decoder)
            let words = [Key.error, .detail].lazy.compactMap { try? container.decode(String.self, forKey: $0) }
            fields.message = fields.message ?? words.first
        }

        enum Key: CodingKey { case error, detail }
    }

    private struct Fields: Decodable {
        var message: String?
        var type: String?
        var code: String?
        var status: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            message = try? container.decode(String.self, forKey: .message)
            type = [Key.type, .name].lazy.compactMap { try? container.decode(String.self, forKey: $0) }.first
            // Some servers send the status here, as a number.
            code = try? container.decode(String.self, forKey: .code)
            status = try? container.decode(Int.self, forKey: .code)
        }

        enum Key: CodingKey { case message, type, name, code }
    }
}
