internal import Foundation
internal import NIOCore

/// The form (RFC 7578) that asks for a transcription: some fields, and a file that is read while it is sent.
struct TranscriptionForm: Sendable {
    /// What stands between the parts; it must not occur in them.
    private let boundary: String
    private let path: String
    private let head: ByteBuffer
    private let tail: ByteBuffer
    private let fileBytes: Int

    /// Enough that no file has it by chance.
    private static let boundaryBytes = 16

    /// - Throws: ``ProviderError`` where there is no such file, or it is larger than the endpoint takes.
    init(_ recording: SpeechRecording, _ configuration: EndpointTranscriptionModel.Configuration) throws {
        path = recording.path
        guard let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber else {
            throw ProviderError(.damaged, "A sound file can't be read.", detail: path)
        }
        fileBytes = size.intValue
        guard fileBytes <= configuration.maximumFileBytes else {
            throw ProviderError(.tooLarge, "A sound file is larger than the transcription endpoint takes.")
        }
        let boundary = Self.randomBoundary()
        var fields = [
            ("model", configuration.model), ("response_format", "verbose_json"), ("temperature", "0"),
            ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment"),
        ]
        if let language = recording.language.flatMap(SpokenLanguage.hint) { fields.append(("language", language)) }
        var head = fields.map { "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }
            .joined()
        let name = (path as NSString).lastPathComponent
        head += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(Self.quoted(name))\"\r\n"
        head += "Content-Type: \(Self.contentType(of: name))\r\n\r\n"
        self.boundary = boundary
        self.head = ByteBuffer(string: head)
        tail = ByteBuffer(string: "\r\n--\(boundary)--\r\n")
    }

    /// For the header of this name.
    var contentType: String { "multipart/form-data; boundary=\(boundary)" }
    /// All of the body.
    var bytes: Int { head.readableBytes + fileBytes + tail.readableBytes }
    /// The body, read anew from the file each time that it is sent.
    var body: FileBody { FileBody(head: head, path: path, tail: tail) }

    private static func randomBoundary() -> String {
        "vidsift-" + (0..<boundaryBytes).map { _ in hex(.random(in: 0...255)) }.joined()
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// As browsers do (WHATWG, multipart/form-data encoding algorithm).
    private static func quoted(_ name: String) -> String {
        name.replacingOccurrences(of: "\"", with: "%22")
            .replacingOccurrences(of: "\r", with: "%0D").replacingOccurrences(of: "\n", with: "%0A")
    }

    private static func contentType(of name: String) -> String {
        switch (name as NSString).pathExtension.lowercased() {
        case "flac": "audio/flac"
        case "wav": "audio/wav"
        case "mp3": "audio/mpeg"
        default: "application/octet-stream"
        }
    }
}
