import Captions
import Foundation
import Testing

@testable import VidSift

@Suite struct AtomTests {
    private static let manual = "caption_formats/youtube_manual_vtt"
    private static let auto = [
        "transcripts/auto/yt-failcon-talk.en.vtt", "transcripts/auto/yt-dashboard-ui.en.json3",
    ]

    @Test(
        "real files: turns open where the file has a mark, and nowhere else",
        .enabled(if: Places.hasFixtures, "../shared/fixtures is not here"))
    func turns() throws {
        let folder = Places.fixtures.appendingPathComponent(Self.manual)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".vtt") }
        var turns = 0
        for name in names {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
            let transcript = try Transcript(captions: bytes, fileName: name)
            let marks = transcript.cues.reduce(0) { $0 + $1.marks.count { $0.kind == .speakerChange } }
            let opened = AtomSequence(transcript).atoms.count { $0.opensTurn }
            #expect(opened <= marks, "\(name)")
            turns += opened
        }
        #expect(names.count > 5 && turns > 2)
    }

    @Test(
        "a real file whose speakers are named once: the sentence in the next cues is whole",
        .enabled(if: Places.hasFixtures, "../shared/fixtures is not here"))
    func namedOnce() throws {
        let folder = Places.fixtures.appendingPathComponent(Self.manual)
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix("2016-12-16.") })
        let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
        let sentences = SentenceSplitter(try Transcript(captions: bytes, fileName: name)).sentences()
        for words in ["qui parle de la production d'inégalités", "trop de situations de personnes"] {
            #expect(sentences.contains { $0.text.contains(words) }, "\(words)")
        }
    }

    @Test(
        "real files: each word that was recognised keeps its own time, and what is no speech is left out",
        .enabled(if: Places.hasFixtures, "../shared/fixtures is not here"), arguments: auto)
    func times(name: String) throws {
        let file = Places.fixtures.appendingPathComponent(name)
        let transcript = try Transcript(captions: [UInt8](try Data(contentsOf: file)), fileName: file.path)
        let atoms = AtomSequence(transcript).atoms
        #expect(atoms.count > 1000)
        #expect(atoms.allSatisfy { $0.precision == .word })
        let words = transcript.cues.flatMap { $0.spoken.split(separator: " ") }
        #expect(atoms.map(\.text) == words)
        #expect(!words.contains { $0.hasPrefix("[") || $0 == ">>" })
    }
}
