internal import Foundation

/// Reads a file of one JSON object a line.
enum JSONLines {
    /// The largest file that is read, in bytes.
    static let maximumBytes = 1 << 30

    /// One value a line; empty lines are passed over.
    ///
    /// - Throws: `EvaluationError`; a line that can't be read is named by its number, with the reason.
    static func read<Value: Decodable>(_ path: String, as type: Value.Type) throws -> [Value] {
        let decoder = JSONDecoder()
        var values: [Value] = []
        var first: (line: Int, reason: String)?
        var problems = 0
        for (number, line) in try lines(of: path) {
            do {
                values.append(try decoder.decode(Value.self, from: line))
            } catch let error as DecodingError {
                first = first ?? (number, error.explanation)
                problems += 1
            }
        }
        if let first {
            throw EvaluationError.malformed(
                path: path, line: first.line, reason: first.reason, others: problems - 1)
        }
        return values
    }

    /// The lines that hold something, with their numbers from 1.
    static func lines(of path: String) throws -> [(number: Int, line: Data)] {
        try content(of: path).split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap {
            index, line in
            line.contains { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D } ? (index + 1, Data(line)) : nil
        }
    }

    private static func content(of path: String) throws -> Data {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard data.count <= maximumBytes else {
                throw EvaluationError.unreadable(path: path, reason: "it is larger than \(maximumBytes >> 20) MB")
            }
            return data
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw EvaluationError.unreadable(path: path, reason: (error as NSError).localizedDescription)
        }
    }
}
