import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("Folders for the sound of recordings", .timeLimit(.minutes(1)))
struct AudioFolderTests {
    private let parent: TemporaryFolder

    init() { parent = TemporaryFolder() }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: parent.path).sorted() }
    }

    @Test("what a process has left that was killed is removed; what is in use, and another's, stays")
    func leftovers() async throws {
        for name in ["vidsift-audio-LEFT", "vidsift-audio-ELSE", "other"] {
            try FileManager.default.createDirectory(
                atPath: "\(parent.path)/\(name)", withIntermediateDirectories: false)
            _ = try parent.write("sound", to: "\(name)/sound.ogg")
        }
        try await AudioFolder.with(in: parent.path) { folder in
            let path = "\(folder)/sound.ogg"
            try Data("in use".utf8).write(to: URL(fileURLWithPath: path))
            #expect(AudioFolder.removeLeftovers(in: parent.path) == 2)
            #expect(FileManager.default.fileExists(atPath: path))
            #expect(try names.count == 2)
        }
        #expect(try names == ["other"])
    }

    @Test("where there can be none, the reason for people names no folder of this machine")
    func impossible() async throws {
        let error = await #expect(throws: AudioError.self) {
            try await AudioFolder.with(in: "/no/such/folder") { _ in }
        }
        let found = try #require(error)
        #expect(found.isRetryable && !found.description.contains("/no/such"))
        #expect(found.debugDescription.contains("/no/such"))
    }
}
