import Captions
import Foundation
import Testing

@testable import VidSift

@Suite("Captions and recordings on disk")
struct AddedFileTests {
    @Test("a file that vanishes after it was listed is told as unreadable")
    func vanished() throws {
        let folder = TemporaryFolder()
        let path = try folder.write(SampleTalks.bees, to: "talks/bees.vtt")
        let file = try #require(try AddedFile.list(folder.path + "/talks", languages: []).files.first)
        try FileManager.default.removeItem(atPath: path)

        let error = #expect(throws: IngestError.self) { try file.read() }

        guard case .unreadable(name: "bees.vtt", _) = error else {
            Issue.record("\(error.map { "\($0)" } ?? "nothing was thrown")")
            return
        }
    }

    @Test("a hundred megabytes on disk are refused after no more than the limit was read")
    func sparse() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("WEBVTT\n\n", to: "big.vtt")
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 100 << 20)
        try handle.close()
        let before = try Self.bytesRead()

        #expect(throws: IngestError.tooLarge(name: "big.vtt", bytes: 100 << 20, maximum: Transcript.maximumBytes)) {
            try AddedFile(path).read()
        }

        if let before, let after = try Self.bytesRead() {
            #expect(after - before < Transcript.maximumBytes + (1 << 20))
        }
    }

    /// What this thread has asked the kernel to read so far, where the kernel counts it.
    private static func bytesRead() throws -> Int? {
        guard let counters = try? String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8) else { return nil }
        let line = try #require(counters.split(separator: "\n").first { $0.hasPrefix("rchar: ") })
        return Int(line.dropFirst("rchar: ".count))
    }

    @Test("a folder with more files than are taken is refused, not cut")
    func tooManyFiles() throws {
        let folder = TemporaryFolder()
        for number in 0..<4 { _ = try folder.write(SampleTalks.bees, to: "talks/\(number)/talk.vtt") }
        _ = try folder.write("notes", to: "talks/notes.pdf")
        let path = folder.path + "/talks"

        #expect(throws: IngestError.tooManyFiles(path: path, maximum: 3)) {
            try AddedFile.list(path, languages: [], maximumFiles: 3)
        }
        #expect(try AddedFile.list(path, languages: [], maximumFiles: 4).files.count == 4)
    }

    @Test("words in brackets and parts of a lecture are videos of their own")
    func noGroups() throws {
        let folder = TemporaryFolder()
        for name in ["Sets [mathematics].vtt", "Rings [mathematics].vtt", "lecture.one.vtt", "lecture.two.vtt"] {
            _ = try folder.write(SampleTalks.bees, to: "talks/" + name)
        }
        let listing = try AddedFile.list(folder.path + "/talks", languages: ["en"])
        #expect(listing.files.count == 4 && listing.skipped.isEmpty)
        #expect(listing.files.allSatisfy { $0.youtubeID == nil && $0.language == nil })
    }

    @Test("of one video's languages the preferred one is taken")
    func languages() throws {
        let folder = TemporaryFolder()
        for name in ["talk.de.vtt", "talk.en.vtt", "talk.fra.vtt"] {
            _ = try folder.write(SampleTalks.bees, to: "talks/" + name)
        }
        let listing = try AddedFile.list(folder.path + "/talks", languages: ["en", "de"])
        #expect(listing.files.map(\.language) == ["en"])
        #expect(listing.skipped.count == 2)
    }

    @Test("of a folder a recording is taken where it has no captions")
    func recordings() throws {
        let folder = TemporaryFolder()
        for name in ["talk.en.vtt", "talk.mp3", "talk.mp4", "other.wav", "other.mp3", "deep/talk.mp3", "main.ts"] {
            _ = try folder.write(SampleTalks.bees, to: "talks/" + name)
        }
        let listing = try AddedFile.list(folder.path + "/talks", languages: ["en"])
        #expect(listing.files.map(\.fileName) == ["talk.mp3", "other.mp3", "talk.en.vtt"])
        #expect(listing.files.map(\.isRecording) == [true, true, false])
        let skipped = listing.skipped.map { "\(URL(fileURLWithPath: $0.path).lastPathComponent): \($0.reason)" }
        #expect(
            skipped == [
                "other.wav: another form of the same video", "talk.mp3: its captions are here",
                "talk.mp4: its captions are here",
            ])
        #expect(try AddedFile.list(folder.path + "/talks/talk.mp3", languages: []).files.map(\.isRecording) == [true])
    }

    @Test("a folder's .ts is a recording where it is a transport stream")
    func transportStream() throws {
        let folder = TemporaryFolder()
        var packets = [UInt8](repeating: 0, count: 400)
        for start in [0, 188, 376] { packets[start] = 0x47 }
        try FileManager.default.createDirectory(atPath: folder.path + "/talks", withIntermediateDirectories: true)
        try Data(packets).write(to: URL(fileURLWithPath: folder.path + "/talks/broadcast.ts"))
        _ = try folder.write("Good code, but nothing to listen to.", to: "talks/main.ts")
        #expect(try AddedFile.list(folder.path + "/talks", languages: []).files.map(\.fileName) == ["broadcast.ts"])
    }

    @Test(
        "a manifest whose names or ids can't be used is refused with the field",
        arguments: [
            (#"{"channel": " ", "videos": []}"#, "channel: expected a name"),
            (#"{"videos": [{"video_id": "", "file": "a.vtt"}]}"#, "videos.[0].video_id"),
            (#"{"videos": [{"video_id": "a", "file": "a.vtt", "youtube_id": "x&t=1#<b>"}]}"#, "videos.[0].youtube_id"),
            (#"{"videos": [{"video_id": "a", "file": "a.vtt", "youtube_id": ""}]}"#, "eleven characters"),
            (#"{"videos": [{"video_id": "a", "file": "../a.vtt"}]}"#, "outside of the folder"),
        ])
    func manifest(json: String, reason: String) throws {
        let folder = TemporaryFolder()
        _ = try folder.write(SampleTalks.bees, to: "talks/a.vtt")
        _ = try folder.write(json, to: "talks/channel.json")
        do {
            _ = try AddedFile.list(folder.path + "/talks", languages: [])
            Issue.record("it was taken")
        } catch IngestError.badManifest(_, let found) {
            #expect(found.contains(reason))
        }
    }

    @Test("a manifest's YouTube id goes with its file")
    func manifestID() throws {
        let folder = TemporaryFolder()
        _ = try folder.write(SampleTalks.bees, to: "talks/a.vtt")
        _ = try folder.write(
            #"{"videos": [{"video_id": "bees", "file": "a.vtt", "youtube_id": "dQw4w9WgXcQ"}]}"#,
            to: "talks/channel.json")
        let file = try #require(try AddedFile.list(folder.path + "/talks", languages: []).files.first)
        #expect(file.youtubeID == "dQw4w9WgXcQ" && file.sourceID == "bees")
    }
}
