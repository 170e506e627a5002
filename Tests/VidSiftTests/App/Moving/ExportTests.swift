import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite("Exports", .timeLimit(.minutes(2))) struct ExportTests {
    @Test(
        "an export describes itself, is a library, and is imported by either engine", arguments: TestEngine.allCases,
        TestEngine.allCases)
    func roundTrip(home: TestEngine, away: TestEngine) async throws {
        let one = try await FullLibrary.make(on: home)
        let two = try await TestLibrary(engine: away)
        let folder = TemporaryFolder()

        let exported = try await one.export(to: folder.path)
        let manifest = try ExportManifest.read(in: folder.path)
        let imported = try await two.import(from: folder.path)
        let again = try await two.import(from: folder.path)

        #expect((exported + imported + again).allSatisfy { $0.isEqual })
        #expect(again.allSatisfy { $0.written == 0 })
        #expect(manifest.program == "1.2.3" && manifest.tables == exported.map(\.source))
        #expect(
            try Self.files(in: folder).isSubset(of: ["vidsift.sqlite", "manifest.json", "server.lock", "ingest.lock"]))
        #expect(try await LibraryRows.differing(one, two) == [])
    }

    @Test("exporting again brings the folder up to date; a stopped export is no export until it is run again")
    func again() async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary()
        let folder = TemporaryFolder()
        _ = try await one.export(to: folder.path)
        try await one.indexAll()

        await #expect(throws: CancellationError.self) {
            _ = try await one.export(to: folder.path) { _ in withUnsafeCurrentTask { $0?.cancel() } }
        }
        let unfinished = await refusal { _ = try await two.import(from: folder.path) }
        _ = try await one.export(to: folder.path)
        _ = try await two.import(from: folder.path)

        #expect(unfinished.contains("is no finished export: it has no manifest.json"), "\(unfinished)")
        #expect(try await LibraryRows.differing(one, two) == [])
    }

    @Test("what was changed after the export is found before anything is imported", arguments: TestEngine.allCases)
    func altered(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        let folder = TemporaryFolder()
        _ = try await one.export(to: folder.path)
        let database = try await Database.sqlite(at: folder.path + "/vidsift.sqlite")
        try await database.execute("UPDATE passages SET body = body || '.' WHERE ordinal = 0")
        try await database.execute("DELETE FROM chat_messages")
        try await database.close()

        let reason = await refusal { _ = try await two.import(from: folder.path) }

        #expect(reason.contains("passages, chat_messages differ from manifest.json. Nothing was changed."), "\(reason)")
        #expect(try await LibraryRows.all(of: two).values.allSatisfy(\.isEmpty))
    }

    @Test("a manifest that is missing, damaged, of another format or untrue is refused")
    func manifests() async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary()
        let folder = TemporaryFolder()
        _ = try await one.export(to: folder.path)
        let file = folder.path + "/manifest.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let checksum = try #require(ExportManifest.read(in: folder.path).tables.first?.checksum)
        let cases: [(text: String, reason: String)] = [
            (text.replacing("\"format\" : 1", with: "\"format\" : 2"), "it has the format 2, and this program knows 1"),
            (String(text.dropLast(20)), "it is damaged, or was made by something else"),
            (text.replacing(checksum, with: String(checksum.reversed())), "channels differ from manifest.json"),
            (text.replacing("\"ingests\"", with: "\"others\""), "ingests differ from manifest.json"),
        ]

        for (text, reason) in cases {
            _ = try folder.write(text, to: "manifest.json")
            let refused = await refusal { _ = try await two.import(from: folder.path) }
            #expect(refused.contains(reason), "\(refused)")
        }
        try FileManager.default.removeItem(atPath: file)
        let missing = await refusal { _ = try await two.import(from: folder.path) }

        #expect(missing.contains("is no finished export"), "\(missing)")
        #expect(try await LibraryRows.all(of: two).values.allSatisfy(\.isEmpty))
    }

    @Test("an export does not touch that of another library, nor a folder with something else in it")
    func foreignFolders() async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let other = try await FullLibrary.make(on: .sqlite)
        let folder = TemporaryFolder()
        _ = try await one.export(to: folder.path)
        let manifest = try ExportManifest.read(in: folder.path)
        let full = TemporaryFolder()
        _ = try full.write("mine", to: "notes.txt")

        let foreign = await refusal { _ = try await other.export(to: folder.path) }
        let inUse = await refusal { _ = try await one.export(to: full.path) }

        #expect(foreign.contains("The target is not empty"), "\(foreign)")
        #expect(try ExportManifest.read(in: folder.path) == manifest)
        #expect(inUse == "The folder \(full.path) holds other files: choose a new or an empty one.")
        #expect(try Self.files(in: full) == ["notes.txt"])
    }

    private static func files(in folder: TemporaryFolder) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    }
}

extension TestLibrary {
    fileprivate func export(
        to folder: String, onProgress: @escaping @Sendable (LibraryCopy.Progress) -> Void = { _ in }
    ) async throws -> [LibraryCopy.Outcome] {
        try await LibraryMove(
            from: movingPlace, to: LibraryPlace(.folder(folder)), logger: components.logger, onProgress: onProgress
        ).export(program: "1.2.3")
    }

    fileprivate func `import`(from folder: String) async throws -> [LibraryCopy.Outcome] {
        try await LibraryMove(
            from: LibraryPlace(.folder(folder)), to: movingPlace, logger: components.logger
        ).import()
    }
}
