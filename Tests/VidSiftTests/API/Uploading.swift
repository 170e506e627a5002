import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension TestServer {
    func upload(_ captions: String, as name: String, fields: [(String, String)] = []) async throws -> Answer {
        try await upload(Array(captions.utf8), as: name, fields: fields)
    }

    func upload(_ bytes: [UInt8], as name: String, fields: [(String, String)] = []) async throws -> Answer {
        var form = ""
        for (field, value) in fields {
            form += "--bound\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n"
        }
        form += "--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
        form += "Content-Type: application/octet-stream\r\n\r\n"
        var body = ByteBuffer(string: form)
        body.writeBytes(bytes)
        body.writeString("\r\n--bound--\r\n")
        return try await send(
            .POST, "/api/videos/upload", headers: [("content-type", "multipart/form-data; boundary=bound")],
            body: body)
    }

    /// Sends a body whose length is not announced.
    func postInPieces(_ path: String, _ body: String) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .POST
        let pieces = AsyncStream { continuation in
            var rest = ByteBuffer(string: body)
            while let piece = rest.readSlice(length: min(rest.readableBytes, 64 << 10)), piece.readableBytes > 0 {
                continuation.yield(piece)
            }
            continuation.finish()
        }
        request.body = .stream(pieces, length: .unknown)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            body: try await response.body.collect(upTo: 1 << 20))
    }
}
