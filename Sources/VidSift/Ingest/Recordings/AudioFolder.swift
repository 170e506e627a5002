internal import Foundation
internal import Providers

/// A folder of its own for the sound of one recording.
enum AudioFolder {
    private static let prefix = "vidsift-audio-"
    private static let usual = FileManager.default.temporaryDirectory.path

    /// Makes one that only we can read; it is removed when `body` has ended.
    ///
    /// - Throws: `AudioError` where there can be none, or what `body` throws.
    static func with<Value>(in parent: String = usual, _ body: (String) async throws -> Value) async throws -> Value {
        let folder: OwnedFolder
        do {
            folder = try OwnedFolder(in: parent, prefix: prefix)
        } catch {
            throw AudioError.failed(error.description)
        }
        defer { folder.remove() }
        return try await body(folder.path)
    }

    /// Removes what processes have left that were killed: hundreds of megabytes each.
    ///
    /// - Returns: How many folders were removed.
    @discardableResult
    static func removeLeftovers(in parent: String = usual) -> Int {
        OwnedFolder.sweep(prefix, in: parent)
    }
}
