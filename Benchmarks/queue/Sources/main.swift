import BenchmarkOptions
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
let options = BenchmarkOptions(
    CommandLine.arguments.dropFirst(),
    usage: "queue-benchmark --database PLACE --mode complete|enqueue|latency|soak …")
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
default: options.endWithUsage()
}

func report(_ figures: some Encodable) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures) + Data("\n".utf8))
}
