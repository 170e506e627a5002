import BenchmarkOptions
import Foundation
import NIOCore

/// A scripted language model, and many who read streamed answers; `run` puts servers between the two.
///
///     stream-benchmark upstream --port P --tokens N --interval-ms I
///     stream-benchmark relay --port P --upstream http://127.0.0.1:P
///     stream-benchmark client --url http://127.0.0.1:P --path P --body FILE --streams N --rounds R --tokens N
///         --ramp-ms M
///         asks with the lines of the file, and prints a line of JSON
let words = CommandLine.arguments.dropFirst()
let options = BenchmarkOptions(words.dropFirst(), usage: "stream-benchmark upstream|relay|client …")
switch words.first {
case "upstream":
    let script = Script(
        tokens: options.number("tokens"), interval: .milliseconds(Int64(options.number("interval-ms", atLeast: 0))),
        citing: .never)
    try await Upstream(port: options.number("port", atLeast: 0), script: script).run()
case "relay":
    try await Relay(port: options.number("port", atLeast: 0), upstream: options.text("upstream")).run()
case "client":
    let records = try await client().run()
    FileHandle.standardOutput.write(try JSONEncoder().encode(StreamFigures(records)) + Data("\n".utf8))
default: options.endWithUsage()
}

func client() throws -> StreamClient {
    guard let address = URLComponents(string: options.text("url")), let host = address.host, let port = address.port
    else { options.endWithUsage() }
    let lines = try String(contentsOfFile: options.text("body"), encoding: .utf8).split(separator: "\n")
    guard !lines.isEmpty else { options.endWithUsage() }
    return StreamClient(
        host: host, port: port, path: options.text("path"), bodies: lines.map { ByteBuffer(substring: $0) },
        streams: options.number("streams"), rounds: options.number("rounds"), tokens: options.number("tokens"),
        ramp: .milliseconds(Int64(options.number("ramp-ms", atLeast: 0))))
}
