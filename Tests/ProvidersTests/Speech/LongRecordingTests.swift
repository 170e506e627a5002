import Foundation
import Synchronization
import Testing

@testable import Providers

@Suite(
    "A recording of three hours",
    .enabled(if: SpeechFiles.hasFFmpeg && SpeechFiles.hasClips, "no ffmpeg, or no clips"), .timeLimit(.minutes(10)))
struct LongRecordingTests {
    /// A minute: a clip of 15 seconds three times, with 5 seconds of silence behind each.
    private static let blockSeconds = 60
    private static let blocks = 180
    /// What is "said" in each block, every second of the 45 in which somebody speaks.
    private static let secondsOfSpeech = (0..<3).flatMap { clip in (0..<15).map { clip * 20 + $0 } }
    private static let allowedGrowth = 10.0

    @Test("is transcribed with the memory and the disk of a short one, part after part, and every word is there once")
    func threeHours() async throws {
        try await SpeechFiles.withFolder { folder in
            let path = folder + "/long.mka"
            try await Self.makeRecording(at: path)
            let chunks = Mutex<[AudioChunk]>([])
            try await QuickTranscriber.run({ Self.answer($0, chunks.withLock(\.self)) }) { server, address in
                let model = EndpointTranscriptionModel(
                    EndpointTranscriptionModel.Configuration(baseURL: address, apiKey: nil, model: "quick"))
                let transcriber = SpeechTranscriber(model)
                let plan = try await transcriber.plan(path)
                chunks.withLock { $0 = plan.chunks }
                #expect(abs(plan.duration.seconds - Double(Self.blocks * Self.blockSeconds)) < 1)
                #expect(plan.chunks.count >= 18 && plan.chunks.count <= 22)
                var parts: [TranscribedChunk] = []
                var uploadsAtFirst = 0
                try await transcriber.transcribe(path, plan, in: folder) { part in
                    parts.append(part)
                    if parts.count == 1 { uploadsAtFirst = server.uploads.count }
                    let files = try Self.filesOfParts(folder)
                    #expect(files <= 2)
                    // What is there already can be read while the rest is transcribed.
                    #expect(TranscriptJoining.joined(parts).last?.span.end ?? .zero <= part.chunk.span.end)
                }
                #expect(uploadsAtFirst <= 2 && server.uploads.count == plan.chunks.count)
                #expect(server.uploads.allSatisfy { $0.bytes < model.maximumFileBytes && $0.bytes > 1_000_000 })
                Self.expectAllWords(TranscriptJoining.joined(parts), plan)
                try await Self.expectFlatMemory(transcriber, path, plan, folder)
                await model.close()
            }
        }
    }

    /// Once more, by a process that has warmed up, and keeps no part.
    private static func expectFlatMemory(
        _ transcriber: SpeechTranscriber, _ path: String, _ plan: AudioPlan, _ folder: String
    ) async throws {
        var memory: [Double] = []
        try await transcriber.transcribe(path, plan, in: folder) { _ in
            memory.append(try SpeechFiles.residentMegabytes())
        }
        print("three hours: \(plan.silences.count) silences, MB after each part: \(memory.map { Int($0) })")
        let growth = memory.map { $0 - (memory.first ?? 0) }
        #expect(growth.allSatisfy { abs($0) < Self.allowedGrowth }, "\(memory)")
    }

    private static func expectAllWords(_ joined: [TranscribedSegment], _ plan: AudioPlan) {
        let words = joined.flatMap(\.words)
        let expected = allWords.filter { $0.span.end <= plan.duration }
        #expect(words.count == expected.count)
        #expect(zip(words, expected).allSatisfy { $0 == $1 })
        #expect(joined.map(\.text).joined(separator: " ") == expected.map(\.text).joined(separator: " "))
    }

    // MARK: What is said

    private static let allWords = (0..<blocks).flatMap { block in
        secondsOfSpeech.map { second in
            let start = Double(block * blockSeconds + second)
            return SpokenWord("word\(block)-\(second).", .s(start + 0.1, start + 0.8))
        }
    }

    /// What OpenAI would answer for a part: the words that are wholly in it.
    private static func answer(_ upload: QuickTranscriber.Upload, _ chunks: [AudioChunk]) -> String {
        let number = upload.fileName.drop { !$0.isNumber }.prefix { $0.isNumber }
        guard let index = Int(number), chunks.indices.contains(index) else { return "{}" }
        let span = chunks[index].span
        let words = allWords.filter { $0.span.start >= span.start && $0.span.end <= span.end }.map { word in
            (text: word.text, span: word.span.shifted(by: .zero - span.start))
        }
        func times(_ span: AudioSpan) -> String { #""start":\#(span.start.seconds),"end":\#(span.end.seconds)"# }
        let segments = words.map { #"{"text":" \#($0.text)",\#(times($0.span)),"no_speech_prob":0.01}"# }
        let items = words.map { #"{"word":"\#($0.text.dropLast())",\#(times($0.span))}"# }
        return #"{"language":"english","text":"…","segments":[\#(segments.joined(separator: ","))],"#
            + #""words":[\#(items.joined(separator: ","))]}"#
    }

    /// The block is encoded once, and repeated as it is. (`-stream_loop` would begin each copy at the time of the last
    /// packet of the one before it.)
    private static func makeRecording(at path: String) async throws {
        let block = path + ".block.mka"
        let clip = SpeechFiles.clip("joined_librivox_15s.wav")
        try await SpeechFiles.ffmpeg([
            "-i", clip, "-af", "atrim=0:15,apad=whole_dur=20,aloop=loop=2:size=320000", "-t", "\(blockSeconds)", "-ar",
            "16000", "-ac", "1", "-c:a", "flac", "-frame_size", "3200", block,
        ])
        let list = path + ".txt"
        let line = "file \((block as NSString).lastPathComponent)\n"
        try Data(("ffconcat version 1.0\n" + String(repeating: line, count: blocks)).utf8)
            .write(to: URL(fileURLWithPath: list))
        try await SpeechFiles.ffmpeg(["-f", "concat", "-i", list, "-c", "copy", path])
    }

    private static func filesOfParts(_ folder: String) throws -> Int {
        try FileManager.default.subpathsOfDirectory(atPath: folder).count { $0.contains("/part-") }
    }
}
