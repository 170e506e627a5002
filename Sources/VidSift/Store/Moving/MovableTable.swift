/// A table as it moves from one library to another: the same rows on each engine, each value with its meaning.
struct MovableTable: Sendable {
    /// What a column holds, whatever the engine stores it as.
    enum Kind: Sendable {
        case id, text, integer, truth, time, bytes, json
    }

    /// A column and what it holds.
    struct Column: Sendable, Hashable {
        var name: String
        var kind: Kind
    }

    /// What becomes of rows that the target has and the source has not.
    enum Surplus: Sendable {
        /// They are somebody's: nothing is moved.
        case refused
        /// They go: whatever they belong to is the source's, too, and has changed there since an earlier copy.
        case removed
    }

    var name: String
    var columns: [Column]
    /// The columns that tell one row from another.
    var key: [String]
    /// The columns of the key by which rows come in the same order on every engine, from the first on: texts are not
    /// among them, a server sorts them by its own rules. Without any the table moves as a whole.
    var order: [String]
    /// The columns that can be large.
    var large: [String]
    var surplus: Surplus

    init(
        _ name: String, key: [String], order: [String]? = nil, large: [String] = [], surplus: Surplus = .refused,
        _ columns: KeyValuePairs<String, Kind>
    ) {
        self.name = name
        self.columns = columns.map { Column(name: $0.key, kind: $0.value) }
        self.key = key
        self.order = order ?? key
        self.large = large
        self.surplus = surplus
    }

    /// The places of the key's columns among all.
    var keyPlaces: [Int] { key.compactMap { name in columns.firstIndex { $0.name == name } } }
    /// The places of the order's columns among all.
    var orderPlaces: [Int] { order.compactMap { name in columns.firstIndex { $0.name == name } } }
    var columnNames: [String] { columns.map(\.name) }
}
