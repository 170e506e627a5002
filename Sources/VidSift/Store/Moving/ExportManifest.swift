package import Foundation

/// What an exported folder says about itself: `manifest.json`, written last.
package struct ExportManifest: Sendable, Codable, Hashable {
    /// The version of the folder's form.
    package static let currentFormat = 1
    package static let fileName = "manifest.json"

    package var format: Int
    /// The version of the program that made it.
    package var program: String
    package var exportedAt: Date
    /// The last migration of the library's schema.
    package var schema: String
    package var tables: [TableSummary]

    package init(program: String, exportedAt: Date, schema: String, tables: [TableSummary]) {
        format = Self.currentFormat
        self.program = program
        self.exportedAt = exportedAt
        self.schema = schema
        self.tables = tables
    }

    /// - Throws: `MovingError` where there is none, or one that this program can't read.
    package static func read(in folder: String) throws -> ExportManifest {
        let path = folder + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else { throw MovingError.noManifest(folder) }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let manifest: ExportManifest
        do {
            manifest = try decoder.decode(Self.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw MovingError.unknownManifest(folder, reason: "it is damaged, or was made by something else")
        }
        guard manifest.format == currentFormat else {
            throw MovingError.unknownManifest(
                folder, reason: "it has the format \(manifest.format), and this program knows \(currentFormat)")
        }
        return manifest
    }

    /// Writes it at once or not at all.
    package func write(in folder: String) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let bytes = try encoder.encode(self)
        try bytes.write(to: URL(fileURLWithPath: folder + "/" + Self.fileName), options: .atomic)
    }

    /// Takes the manifest of an earlier export away, before its library changes.
    package static func remove(from folder: String) throws {
        let path = folder + "/" + fileName
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
}
