internal import Foundation

/// A folder of its own for the sound of one recording.
enum AudioFolder {
    private static let prefix = "vidsift-audio-"
    /// What is older belongs to a process that was killed: no attempt at a recording may take that long.
    private static let longestUse = TimeInterval(2 * 24 * 3_600)

    /// Makes one that only we can read; it is removed when `body` has ended.
    static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(prefix + UUID().uuidString).path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // What can't be removed is nothing that a transcript should fail for.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    /// Removes what processes have left that were killed.
    static func removeLeftovers() {
        let temporary = FileManager.default.temporaryDirectory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = temporary.appendingPathComponent(name).path
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let date = attributes?[.modificationDate] as? Date, -date.timeIntervalSinceNow > longestUse else {
                continue
            }
            // It may be another user's.
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
