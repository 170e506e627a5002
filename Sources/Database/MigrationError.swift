/// Why a database can't be brought to the schema that the program expects.
public enum MigrationError: Error, Sendable {
    /// It has migrations that this program has never heard of.
    case newerDatabase(unknown: [String])
    /// A migration that was applied is not the one this program has.
    case changed(name: String)
    /// A migration is missing although a later one was applied.
    case outOfOrder(missing: String, applied: String)
    /// The program's own list is not in ascending order.
    case badList(earlier: String, later: String)
    /// The statements of a migration failed; nothing of it was applied.
    case failed(name: String, DatabaseError)

    /// Whether the same attempt can succeed a little later.
    public var isRetryable: Bool {
        switch self {
        case .newerDatabase, .changed, .outOfOrder, .badList: false
        case .failed(_, let error): error.isRetryable
        }
    }
}

extension MigrationError: CustomStringConvertible, CustomDebugStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .newerDatabase(let unknown):
            "The database was made by a newer version of this program (\(unknown.joined(separator: ", "))): "
                + "start that version, or restore a backup from before the upgrade. Nothing was changed."
        case .changed(let name):
            "The migration \(name) that was applied to the database differs from the one in this program: "
                + "start the version that applied it, or restore a backup. Nothing was changed."
        case .outOfOrder(let missing, let applied):
            "The database has the migration \(applied) but not \(missing), which comes before it: "
                + "restore a backup, or apply it by hand. Nothing was changed."
        case .badList(let earlier, let later):
            "The migration \(later) is listed after \(earlier): names must be different and in ascending order."
        case .failed(let name, let error):
            "The migration \(name) failed and was undone: \(error)"
        }
    }

    /// The same, with everything the database said.
    public var debugDescription: String {
        guard case .failed(let name, let error) = self else { return description }
        return "The migration \(name) failed and was undone: \(error.debugDescription)"
    }
}
