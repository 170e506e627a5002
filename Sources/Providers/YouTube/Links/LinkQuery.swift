/// The parameters of an address, in their order.
struct LinkQuery {
    private var items: [(name: String, value: String)] = []

    /// More are not read.
    private static let maximumItems = 64

    /// - Parameter text: Without its `?`.
    init(_ text: Substring) {
        for item in text.split(separator: "&", maxSplits: Self.maximumItems).prefix(Self.maximumItems) {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var name = Self.decoded(parts[0]).lowercased()
            // `&amp;`, and `&amp;amp;`, are from pages whose source was copied.
            while name.hasPrefix("amp;") { name.removeFirst(4) }
            items.append((name, parts.count > 1 ? Self.decoded(parts[1]) : ""))
        }
    }

    /// The first value with this name that is not empty.
    subscript(_ name: String) -> String? {
        items.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// Also with the parameters that stand in `text`.
    func adding(_ text: Substring) -> LinkQuery {
        var query = self
        query.items += LinkQuery(text).items
        return query
    }

    /// What can't be decoded stays as it is: it may be of no interest.
    private static func decoded(_ text: Substring) -> String { PercentEncoding.decode(text) ?? String(text) }
}
