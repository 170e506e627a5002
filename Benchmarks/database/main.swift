import Foundation

/// Measures the database as the product uses it; `run` calls it and puts it beside its peers. PLACE is the URL of a
/// PostgreSQL database or a folder for SQLite, TALKS a folder of captions whose words the passages are made of. Each
/// prints one line of JSON.
///
///     database-benchmark points URL CLIENTS TOGETHER SECONDS   point queries; TOGETHER of them share a round trip
///     database-benchmark copy PLACE TALKS ROWS EACH            inserts ROWS passages, EACH of them at once
///     database-benchmark fill PLACE TALKS                      makes the channel that `segments` loads
///     database-benchmark segments PLACE                        loads the channel into a cold cache
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "points" where words.count == 5:
    guard let clients = Int(words[2]), let together = Int(words[3]), let seconds = Double(words[4]) else { usage() }
    try report(await PointQueries(url: words[1], clients: clients, together: together).run(for: .seconds(seconds)))
case "copy" where words.count == 5:
    guard let rows = Int(words[3]), let each = Int(words[4]) else { usage() }
    try report(await PassageCopy(place: words[1], talks: words[2]).run(rows: rows, each: each))
case "fill" where words.count == 3:
    try report(await SegmentLoad(place: words[1]).fill(talks: words[2]))
case "segments" where words.count == 2:
    try report(await SegmentLoad(place: words[1]).run())
default: usage()
}

func report(_ figures: some Encodable) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures) + Data("\n".utf8))
}

func usage() -> Never {
    FileHandle.standardError.write(
        Data("usage: database-benchmark points|copy|fill|segments … (see main.swift)\n".utf8))
    exit(64)
}
