internal import Foundation
internal import Hummingbird

/// A request's query parameters, decoded. Unknown ones are ignored; a known one given twice is refused.
struct RequestQuery: Sendable {
    /// How many a page of a list holds, at most and where nothing is said.
    static let pageSizes = 1...100
    static let defaultPageSize = 50

    private var values: [String: [String]] = [:]

    /// - Throws: `Problem` where the percent-encoding is no UTF-8.
    init(_ request: Request) throws {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(parts[0])
            values[name, default: []].append(parts.count > 1 ? try Self.decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) throws -> String {
        guard let decoded = text.replacing("+", with: " ").removingPercentEncoding else {
            throw Problem.invalid("The query is not percent-encoded UTF-8.")
        }
        return decoded
    }

    /// The parameter's text; nil where it is not given.
    func text(_ name: String) throws -> String? {
        guard let given = values[name] else { return nil }
        guard given.count == 1 else { throw Problem.invalid("\(name): expected once, found \(given.count) times.") }
        return given[0]
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = try text(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let bounds =
                range.upperBound == .max
                ? "not below \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw Problem.invalid("\(name): expected a whole number \(bounds), found \(text.quotedForPeople).")
        }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default choice: Choice
    ) throws -> Choice where Choice.RawValue == String {
        try self.choice(name, among: Choice.self) ?? choice
    }

    /// One of a type's cases; nil where none is given.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, among choices: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let value = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid("\(name): expected one of \(names), found \(text.quotedForPeople).")
        }
        return value
    }

    /// How many are wanted at most.
    func limit(default standard: Int = defaultPageSize) throws -> Int {
        try integer("limit", in: Self.pageSizes) ?? standard
    }

    /// The last entry of the page before.
    func cursor<Entity>(_ type: Identifier<Entity>.Type = Identifier<Entity>.self) throws -> Identifier<Entity>? {
        guard let text = try text("cursor") else { return nil }
        guard let id = Identifier<Entity>(text) else {
            throw Problem.invalid("cursor: expected the cursor of the page before, found \(text.quotedForPeople).")
        }
        return id
    }
}

extension String {
    /// The beginning of a text that a client sent, in quotation marks, without control characters.
    var quotedForPeople: String {
        String(prefix(60)).debugDescription
    }
}
