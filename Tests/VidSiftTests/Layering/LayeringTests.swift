import Testing

@Suite("Which folder may know what")
struct LayeringTests {
    @Test("the package keeps the layering")
    func package() throws {
        let files = try LayeringCheck.packageFiles()
        #expect(files.contains { $0.path.hasPrefix("Sources/") }, "no sources were found, so nothing was checked")
        let violations = LayeringCheck().violations(in: files)
        #expect(violations.isEmpty, "\n\(violations.joined(separator: "\n"))")
    }

    @Test(
        "a forbidden import is found, however it is written",
        arguments: [
            ("VidSift/Ask", "import Hummingbird"), ("VidSift/Search", "public import Database"),
            ("VidSift/Store", "@preconcurrency import Providers"), ("Captions", "import Foundation"),
            ("Database", "import struct NIOCore.ByteBuffer"), ("Providers", "@testable private import VidSift"),
        ])
    func forbiddenImport(folder: String, line: String) {
        let found = violations([("Sources/\(folder)/A.swift", "// first\n\(line)\n")])
        #expect(found.count == 1)
        #expect(found.first?.contains("A.swift:2 imports") == true)
    }

    @Test(
        "an allowed import is let through",
        arguments: [
            ("VidSift/API", "import Hummingbird"), ("VidSift/App", "import Hummingbird"),
            ("VidSift/Search", "internal import CSearch"), ("Database", "import GRDB"),
            ("Captions", "// import Foundation"), ("Captions", "let text = \"import Foundation\""),
        ])
    func allowedImport(folder: String, line: String) {
        #expect(violations([("Sources/\(folder)/A.swift", line)]).isEmpty)
    }

    @Test("a lower folder that names a type of an upper one is found")
    func upwardMention() {
        let found = violations([
            ("Sources/VidSift/Ask/Answer.swift", "public struct Answer: Sendable {}"),
            ("Sources/VidSift/Search/Index.swift", "func index() {\n    let answer: Answer? = nil\n}"),
        ])
        #expect(
            found == [
                "Sources/VidSift/Search/Index.swift:2 names Answer of VidSift/Ask; VidSift/Search is not above it"
            ])
    }

    @Test("Ask and Ingest are strangers")
    func siblings() {
        let found = violations([
            ("Sources/VidSift/Ask/Answer.swift", "struct Answer {}\nlet step = IngestStep()"),
            ("Sources/VidSift/Ingest/Step.swift", "struct IngestStep {}\nlet answer = Answer()"),
        ])
        #expect(found.count == 2)
    }

    @Test(
        "an upper folder may name what is below it; comments, strings, members, private and nested types do not count")
    func harmlessMentions() {
        let found = violations([
            ("Sources/VidSift/Search/Hit.swift", "struct Hit {} // of Answer\n/* Answer /* Answer */ Answer */"),
            (
                "Sources/VidSift/Search/Text.swift",
                "let a = \"Answer \\(b[\"Answer\"])\", c = #\"Answer\"#, d = \"\"\"\nAnswer\n\"\"\""
            ),
            (
                "Sources/VidSift/Search/State.swift",
                "let s: State = .Answer\nenum Kind { case x }\nlet k: Kind, p: Passing"
            ),
            ("Sources/VidSift/Search/Own.swift", "struct Own { private struct Later {}\n let later: Later }"),
            ("Sources/VidSift/App/Later.swift", "struct Later {}"),
            ("Sources/VidSift/Ask/Answer.swift", "struct Answer { struct State {}\n var hit: Hit }"),
            ("Sources/VidSift/Ask/Kind.swift", "enum Kind {}\nprivate struct Passing {}"),
        ])
        #expect(found.isEmpty, "\(found)")
    }

    @Test(
        "SQL outside Store and Database is found",
        arguments: [
            "\"SELECT id FROM videos\"", "\"\"\"\n    INSERT INTO videos\n    \"\"\"", "#\"UPDATE videos\"#",
            "\"DELETE FROM videos\"",
        ])
    func strayingSQL(literal: String) {
        let line = "let statement: SQL = \(literal)"
        #expect(
            violations([("Sources/VidSift/Ask/A.swift", line)]) == [
                "Sources/VidSift/Ask/A.swift:1 holds SQL; VidSift/Ask may not"
            ])
        #expect(violations([("Sources/VidSift/Store/A.swift", line), ("Sources/Database/A.swift", line)]).isEmpty)
    }

    @Test("prose that begins with such a word is no SQL")
    func prose() {
        #expect(violations([("Sources/VidSift/Ask/A.swift", "let text = \"Select a video\", t = \"UPDATED\"")]).isEmpty)
    }

    @Test(
        "attics are found",
        arguments: ["VidSift/Ask/Helpers/A.swift", "VidSift/Ask/StringUtils.swift", "Captions/Cue+Extensions.swift"])
    func attics(path: String) {
        #expect(violations([("Sources/\(path)", "")]).count == 1)
    }

    @Test("a file of 400 lines is let through, one of 401 is not")
    func longFiles() {
        let line = "let a = \"\"\n"
        #expect(violations([("Tests/A.swift", String(repeating: line, count: 400))]).isEmpty)
        #expect(
            violations([("Tests/A.swift", String(repeating: line, count: 401))])
                == ["Tests/A.swift has 401 lines; a file has at most 400"])
    }

    @Test("a new folder needs a rule")
    func unknownFolder() {
        #expect(violations([("Sources/VidSift/Billing/A.swift", "")]).count == 1)
    }

    private func violations(_ files: [(path: String, source: String)]) -> [String] {
        LayeringCheck().violations(in: files.map { SourceFile(path: $0.path, source: $0.source) })
    }
}
