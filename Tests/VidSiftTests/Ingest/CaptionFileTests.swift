import Captions
import Foundation
import Testing

@testable import VidSift

@Suite("Caption files on disk")
struct CaptionFileTests {
    @Test("a file that vanishes after it was listed is told as unreadable")
    func vanished() throws {
        let folder = TemporaryFolder()
        let path = try folder.write(SampleTalks.bees, to: "talks/bees.vtt")
        let file = try #require(try CaptionFile.list(folder.path + "/talks", languages: []).files.first)
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
            try CaptionFile(path).read()
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
            try CaptionFile.list(path, languages: [], maximumFiles: 3)
        }
        #expect(try CaptionFile.list(path, languages: [], maximumFiles: 4).files.count == 4)
    }

    @Test("words in brackets and parts of a lecture are videos of their own")
    func noGroups() throws {
        let folder = TemporaryFolder()
        for name in ["Sets [mathematics].vtt", "Rings [mathematics].vtt", "lecture.one.vtt", "lecture.two.vtt"] {
            _ = try folder.write(SampleTalks.bees, to: "talks/" + name)
        }
        let listing = try CaptionFile.list(folder.path + "/talks", languages: ["en"])
        #expect(listing.files.count == 4 && listing.skipped.isEmpty)
        #expect(listing.files.allSatisfy { $0.youtubeID == nil && $0.language == nil })
    }

    @Test("of one video's languages the preferred one is taken")
    func languages() throws {
        let folder = TemporaryFolder()
        for name in ["talk.de.vtt", "talk.en.vtt", "talk.fra.vtt"] {
            _ = try folder.write(SampleTalks.bees, to: "talks/" + name)
        }
        let listing = try CaptionFile.list(folder.path + "/talks", languages: ["en", "de"])
        #expect(listing.files.map(\.language) == ["en"])
        #expect(listing.skipped.count == 2)
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
            _ = try CaptionFile.list(folder.path + "/talks", languages: [])
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
        let file = try #require(try CaptionFile.list(folder.path + "/talks", languages: []).files.first)
        #expect(file.youtubeID == "dQw4w9WgXcQ" && file.sourceID == "bees")
    }
}
