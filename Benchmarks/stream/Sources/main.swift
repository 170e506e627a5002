import Foundation
import NIOCore

/// A scripted language model, and many who read streamed answers; `run` puts servers between the two.
///
///     stream-benchmark upstream --port P --tokens N --interval-ms I
///     stream-benchmark client --url http://127.0.0.1:P --path P --body FILE --streams N --rounds R --tokens N
///         --ramp-ms M
///         asks with the lines of the file, and prints a line of JSON
var words = Array(CommandLine.arguments.dropFirst())
let mode = words.isEmpty ? "" : words.removeFirst()
let options = Options(words)
switch mode {
case "upstream":
    let script = Script(
        tokens: options.number("tokens"), interval: .milliseconds(Int64(options.number("interval-ms"))),
        citing: .never)
    try await Upstream(port: options.number("port"), script: script).run()
case "client":
    let records = try await client().run()
    FileHandle.standardOutput.write(try JSONEncoder().encode(StreamFigures(records)) + Data("\n".utf8))
default: usage()
}

func client() throws -> StreamClient {
    guard let address = URLComponents(string: options.text("url")), let host = address.host, let port = address.port
    else { usage() }
    let lines = try String(contentsOfFile: options.text("body"), encoding: .utf8).split(separator: "\n")
    guard !lines.isEmpty else { usage() }
    return StreamClient(
        host: host, port: port, path: options.text("path"), bodies: lines.map { ByteBuffer(substring: $0) },
        streams: options.number("streams"), rounds: options.number("rounds"), tokens: options.number("tokens"),
        ramp: .milliseconds(Int64(options.number("ramp-ms"))))
}

func usage() -> Never {
    FileHandle.standardError.write(Data("usage: stream-benchmark upstream|client … (see main.swift)\n".utf8))
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
        guard let number = Int(text(name)), number >= 0 else { usage() }
        return number
    }
}
