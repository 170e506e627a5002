import Foundation
import Testing

/// A stream recorded from OpenAI, and the text in it as Foundation reads it.
struct RecordedStream: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let text: String

    var testDescription: String { name }

    /// Those that are there; empty without ../shared.
    static let all: [RecordedStream] = chatStreams.compactMap { try? RecordedStream($0) }

    /// Short enough to be cut at every byte.
    static let short = all.filter { $0.bytes.count < 6000 }

    private static let chatStreams = [
        "recorded/200/test_chat_completion_streaming.sse",
        "recorded/200/test_chat_completion_streaming_not_complete.sse",
        "recorded/200/test_chat_completion_with_context_manager_streaming.sse",
        "recorded/200/test_chat_completion_multiple_choices_streaming.sse",
        "vercel_ai/chat/azure-model-router.1.chunks.txt", "vercel_ai/chat/openai-text.chunks.txt",
    ]

    private init(_ path: String) throws {
        name = path
        let file = try TestFiles.bytes(TestFiles.openAI.appendingPathComponent(path).path)
        // Vercel's recordings have the data alone, one event a line.
        bytes =
            path.hasSuffix(".txt")
            ? file.split(separator: 10).flatMap { Array("data: ".utf8) + $0 + Array("\n\n".utf8) }
                + Array("data: [DONE]\n\n".utf8) : file
        text = try Self.text(in: bytes)
    }

    private static func text(in bytes: [UInt8]) throws -> String {
        try String(decoding: bytes, as: UTF8.self).split(separator: "\n").reduce(into: "") { text, line in
            guard line.hasPrefix("data: {") else { return }
            let chunk = try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any]
            for choice in chunk?["choices"] as? [[String: Any]] ?? [] where choice["index"] as? Int == 0 {
                text += (choice["delta"] as? [String: Any])?["content"] as? String ?? ""
            }
        }
    }
}
