package import Database

/// Why a library was not moved.
package enum MovingError: Error, Sendable {
    /// There is no library at the place to read from.
    case noLibrary(String)
    /// The source's schema is older than the program.
    case oldSource(String, missing: [String])
    case sameLibrary
    /// The target holds rows of these tables that the source has not.
    case foreignRows([String: Int])
    /// Somebody writes into the target.
    case targetInUse
    /// Another has taken over while this one was silent for too long.
    case takenOver
    /// A row was not taken.
    case failed(table: String, DatabaseError)
    /// A folder is no finished export.
    case noManifest(String)
    case unknownManifest(String, reason: String)
    /// The export's rows are not those it was made of.
    case alteredExport(String, tables: [String])
    /// The target's folder holds files that are no library's.
    case folderInUse(String)
}

extension MovingError: CustomStringConvertible {
    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .noLibrary(let place): "There is no library in \(place)."
        case .oldSource(let place, let missing):
            """
            The schema of \(place) is older than this program (it lacks \(missing.joined(separator: ", "))): \
            `vidsift migrate` brings it up to date. Nothing was changed.
            """
        case .sameLibrary: "Source and target are the same library. Nothing was changed."
        case .foreignRows(let tables):
            """
            The target is not empty: it holds \(Self.list(tables)) that the source has not. Nothing was changed: choose \
            an empty target, or one into which the same source was copied before.
            """
        case .targetInUse:
            "Somebody else writes into the target: end `vidsift serve` and other copies there first. Nothing was changed."
        case .takenOver: "Another copy into the target has begun meanwhile, and this one has stopped."
        case .failed(let table, let error): "A row of \(table) could not be moved: \(error)"
        case .noManifest(let folder):
            """
            \(folder) is no finished export: it has no manifest.json. Export again, or take the library as it is with \
            `vidsift copy --from`.
            """
        case .unknownManifest(let folder, let reason): "\(folder)/manifest.json can't be used: \(reason)."
        case .alteredExport(let folder, let tables):
            """
            The export in \(folder) is damaged or was changed after it was made: \(tables.joined(separator: ", ")) \
            differ from manifest.json. Nothing was changed. `vidsift copy --from` takes it as it is.
            """
        case .folderInUse(let folder): "The folder \(folder) holds other files: choose a new or an empty one."
        }
    }

    private static func list(_ tables: [String: Int]) -> String {
        tables.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.replacing("_", with: " "))" }
            .joined(separator: ", ")
    }
}
