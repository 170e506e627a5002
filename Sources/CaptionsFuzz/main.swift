import Captions
import Foundation

/// `captions-fuzz [--format vtt|…|all] [--seed N] [--count N] [--corpus FOLDER] [--linear] [--show N]`
///
/// Reads mutated files and checks what comes out; `--linear` checks that time grows with size; `--show` prints one input.
struct Options {
    var formats = CaptionFormat.allCases
    var seed: UInt64 = 1
    var count = 10_000
    var corpus: String?
    var isLinear = false

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--linear" {
                isLinear = true
                continue
            }
            guard let value = rest.popFirst() else { throw UsageError(reason: "\(name) needs a value") }
            try set(name, value)
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(UsageError) {
        switch name {
        case "--format":
            if value == "all" { return }
            guard let format = CaptionFormat(rawValue: value) else {
                throw UsageError(reason: "unknown format \(value)")
            }
            formats = [format]
        case "--seed":
            guard let number = UInt64(value) else { throw UsageError(reason: "--seed takes a number") }
            seed = number
        case "--count":
            guard let number = Int(value), number > 0 else {
                throw UsageError(reason: "--count takes a number above 0")
            }
            count = number
        case "--corpus": corpus = value
        default: throw UsageError(reason: "unknown option \(name)")
        }
    }
}

/// What is wrong with the command line.
struct UsageError: Error {
    var reason: String
}

do {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let isSound = options.isLinear ? LinearTime.check() : Campaign(options).run()
    exit(isSound ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("captions-fuzz: \(error.reason)\n".utf8))
    exit(64)
}
