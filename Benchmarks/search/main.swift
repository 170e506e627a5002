import Foundation
import VidSift

/// Measures the search core on what `collect.py` and `scifact.py` made; `run` calls it and puts it beside its peers.
///
///     search-benchmark speed FOLDER     5,000 segments of 20 passages with 5 units each; JSON on standard output
///     search-benchmark scifact FOLDER   ranks SciFact's documents; JSON lines on standard output
switch CommandLine.arguments.dropFirst().first {
case "speed": try SpeedBenchmark(folder: CommandLine.arguments[2]).run()
case "scifact": try SciFactBenchmark(folder: CommandLine.arguments[2]).run()
default:
    FileHandle.standardError.write(Data("usage: search-benchmark speed|scifact FOLDER\n".utf8))
    exit(64)
}
