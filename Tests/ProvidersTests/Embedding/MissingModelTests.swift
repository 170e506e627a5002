import Foundation
import Testing

@testable import Providers

@Suite("A model that is not there", .serialized)
struct MissingModelTests {
    @Test("is reported as not installed, without a crash")
    func nothingInstalled() async {
        await expect(.notInstalled, in: "/nonexistent/embedding")
        await withFolder { folder in await expect(.notInstalled, in: folder) }
    }

    @Test("is reported as incompatible when the library is no library")
    func garbageLibrary() async throws {
        await withFolder { folder in
            write("no library at all", to: folder + "/libopenvino_c.so.1")
            await expect(.incompatible, in: folder)
        }
    }

    @Test("is reported as incompatible when the library lacks a function")
    func otherVersion() async throws {
        let other = try #require(Self.someLibrary, "no shared library to stand in for another version")
        await withFolder { folder in
            try? FileManager.default.createSymbolicLink(
                atPath: folder + "/libopenvino_c.so.1", withDestinationPath: other)
            await expect(.incompatible, in: folder, saying: "ov_get_openvino_version")
        }
    }

    @Test(
        "names the file that is missing",
        .enabled(if: TestFiles.isModelInstalled, "the embedding model is not installed: scripts/setup"),
        arguments: ["model.onnx", "vocab.txt"])
    func missingFile(name: String) async {
        await withInstalledModel { folder in
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            await expect(.notInstalled, in: folder, saying: name)
        }
    }

    @Test(
        "is reported as damaged when a file is empty, cut or garbage",
        .enabled(if: TestFiles.isModelInstalled, "the embedding model is not installed: scripts/setup"))
    func damagedFiles() async throws {
        let cut = Data(try TestFiles.bytes(TestFiles.model + "/model.onnx").prefix(1_000_000))
        for (name, contents) in [
            ("model.onnx", Data()), ("model.onnx", Data("garbage".utf8)), ("model.onnx", cut), ("vocab.txt", Data()),
            ("vocab.txt", Data([0xFF, 0x00, 0x0A])),
        ] {
            await withInstalledModel { folder in
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
                #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: contents))
                await expect(.damaged, in: folder)
            }
        }
    }

    private func expect(_ kind: ProviderError.Kind, in folder: String, saying text: String = "") async {
        let model = OpenVINOEmbeddingModel(folder: folder)
        await #expect {
            try await model.embed(["text"])
        } throws: { error in
            guard let error = error as? ProviderError else { return false }
            return error.kind == kind && !error.isRetryable && (text.isEmpty || error.description.contains(text))
                && !error.description.contains(folder)
        }
    }

    private func write(_ text: String, to path: String) {
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
    }

    private func withFolder(_ body: (String) async -> Void) async {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vidsift-\(UUID())").path
        #expect(throws: Never.self) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        await body(folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A folder of links to the installed files, so that one can be taken away.
    private func withInstalledModel(_ body: (String) async -> Void) async {
        await withFolder { folder in
            for name in (try? FileManager.default.contentsOfDirectory(atPath: TestFiles.model)) ?? [] {
                try? FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: "\(TestFiles.model)/\(name)")
            }
            await body(folder)
        }
    }

    private static let someLibrary = [
        "/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6", "/lib64/libm.so.6", "/usr/lib/libm.so.6",
    ].first { FileManager.default.fileExists(atPath: $0) }
}
