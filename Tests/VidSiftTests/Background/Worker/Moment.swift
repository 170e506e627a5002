import Database
import Foundation

/// A time that a database tells.
struct Moment: SQLDecodable {
    private let date: Date

    static func decode(_ value: SQLValue) throws -> Moment { Moment(date: try Date.decode(value)) }

    func seconds(since other: Moment) -> Double { date.timeIntervalSince(other.date) }
}
