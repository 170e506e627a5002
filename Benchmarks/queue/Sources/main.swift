import Database
import Foundation
import Logging
import VidSift

/// Measures the queue as the product uses it; `run` calls it in turn with its peers. Prints one line of JSON.
///
///     queue-benchmark --database PLACE --mode complete --in-flight N --jobs N    does N jobs that do nothing
///     queue-benchmark --database PLACE --mode enqueue --clients N --jobs N --batch N
///     queue-benchmark --database PLACE --mode latency --in-flight N --jobs N --rate N    enqueued at N a second
///     queue-benchmark --database PLACE --mode soak --in-flight N --rate N --seconds N --work N
///         jobs that take up to so many milliseconds, beside whatever else is done to the database meanwhile
///
/// PLACE is the URL of a PostgreSQL database or a folder for SQLite.
let options = Options(Array(CommandLine.arguments.dropFirst()))
let benchmark = try await QueueBenchmark(place: options.text("database"))
switch options.text("mode") {
case "complete":
    try report(await benchmark.complete(jobs: options.number("jobs"), inFlight: options.number("in-flight")))
case "enqueue":
    try report(
        await benchmark.enqueue(
            jobs: options.number("jobs"), clients: options.number("clients"), batch: options.number("batch")))
case "latency":
    try report(
        await benchmark.latency(
            jobs: options.number("jobs"), inFlight: options.number("in-flight"), rate: options.number("rate")))
case "soak":
    try report(
        await Soak(benchmark, inFlight: options.number("in-flight"), longestWork: options.number("work")).run(
            rate: options.number("rate"), for: .seconds(options.number("seconds"))))
default: usage()
}

func report(_ figures: some Encodable) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures) + Data("\n".utf8))
}

func usage() -> Never {
    FileHandle.standardError.write(
        Data("usage: queue-benchmark --database PLACE --mode complete|enqueue|latency … (see main.swift)\n".utf8))
    exit(64)
}

/// The options of the command line: `--name value`.
struct Options {
    private var values: [String: String] = [:]

    init(_ words: [String]) {
        var words = words[...]
        while let name = words.popFirst(), name.hasPrefix("--"), let value = words.popFirst() {
            values[String(name.dropFirst(2))] = value
        }
        if !words.isEmpty { usage() }
    }

    func text(_ name: String) -> String {
        guard let value = values[name] else { usage() }
        return value
    }

    func number(_ name: String) -> Int {
        guard let number = Int(text(name)), number > 0 else { usage() }
        return number
    }
}
