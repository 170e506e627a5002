// What embedding costs, with the embedded model, on one thread.
//
//     swift run -c release embedding-benchmark .tools/embedding [batch size] [precision] [padding] [exact]
//
// Prints CPU-milliseconds (all threads of the process, `getrusage`), wall milliseconds and resident memory.

import Foundation
import Providers

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("usage: embedding-benchmark MODEL-FOLDER [batch size] [precision, - for the default] [padding]")
    exit(2)
}
var options = OpenVINOEmbeddingModel.Options()
if arguments.count > 2, let size = Int(arguments[2]) { options.batchSize = size }
if arguments.count > 3 { options.precision = arguments[3] == "-" ? nil : arguments[3] }
options.quantisesActivations = !arguments.contains("exact")
if arguments.count > 4, let padding = Int(arguments[4]) { options.padding = padding }

let model = OpenVINOEmbeddingModel(folder: arguments[1], options: options)
print("resident before loading: \(Usage.residentMegabytes()) MB")
let loading = Usage.now()
let version = try await model.load() ?? "?"
report("load", since: loading, texts: 1)
print(
    "OpenVINO \(version), batch \(options.batchSize), precision \(options.precision ?? "default"), padding \(options.padding)"
)
print("resident after loading: \(Usage.residentMegabytes()) MB")

_ = try await model.embed(Texts.make(4, words: 30, seed: 1))
var latencies: [Double] = []
for index in 0..<60 {
    let start = Usage.now()
    _ = try await model.embed(Texts.make(1, words: 8, seed: UInt64(index)))
    latencies.append(start.millisecondsSince())
}
latencies.sort()
print(String(format: "a question of 8 words: p50 %.2f ms, p95 %.2f ms", latencies[30], latencies[56]))

// The words below are one token each: 254 words make 256 tokens with [CLS] and [SEP], 53 make 55.
try await measure("60 passages of 256 tokens", Texts.make(60, words: 254, seed: 2))
try await measure("450 units of 55 tokens", Texts.make(450, words: 53, seed: 3))
try await measure("450 units of 35 to 65 tokens", Texts.make(450, words: 33...63, seed: 4))
let hour = Texts.make(450, words: 33...63, seed: 5) + Texts.make(60, words: 200...254, seed: 6)
try await measure("an hour of captions: 450 units and 60 passages", hour)
print("resident at the end: \(Usage.residentMegabytes()) MB")
await model.unload()
print("resident after unload: \(Usage.residentMegabytes()) MB")

/// Embeds `texts` three times and prints the best.
func measure(_ name: String, _ texts: [String]) async throws {
    var best: (cpu: Double, wall: Double)?
    for _ in 0..<3 {
        let start = Usage.now()
        _ = try await model.embed(texts)
        let spent = (start.cpuMillisecondsSince(), start.millisecondsSince())
        if best.map({ spent.0 < $0.cpu }) ?? true { best = spent }
    }
    guard let best else { return }
    let count = Double(texts.count)
    print(
        String(
            format: "%@: %.1f CPU-ms a text, %.2f CPU-s in all, %.2f s wall", name, best.cpu / count, best.cpu / 1000,
            best.wall / 1000))
}

func report(_ name: String, since start: Usage, texts: Int) {
    print(
        String(format: "%@: %.0f CPU-ms, %.0f ms wall", name, start.cpuMillisecondsSince(), start.millisecondsSince()))
}
