import Captions
import Foundation

/// `captions-benchmark FILE…`: reads each file again and again for a second, prints MB/s as JSON lines.
let minimumSeconds = 1.0
for path in CommandLine.arguments.dropFirst() {
    guard let data = FileManager.default.contents(atPath: path) else { continue }
    let bytes = [UInt8](data)
    let name = (path as NSString).lastPathComponent
    var (rounds, cues, best) = (0, 0, Double.infinity)
    let begin = ContinuousClock.now
    while rounds < 3 || ContinuousClock.now - begin < .seconds(minimumSeconds) {
        let start = ContinuousClock.now
        cues = (try? Transcript(captions: bytes, fileName: name).cues.count) ?? 0
        best = min(best, Double((ContinuousClock.now - start) / .nanoseconds(1)) / 1e9)
        rounds += 1
    }
    let mean = Double((ContinuousClock.now - begin) / .nanoseconds(1)) / 1e9 / Double(rounds)
    let (fast, usual) = (Double(bytes.count) / 1e6 / best, Double(bytes.count) / 1e6 / mean)
    print(
        "{\"reader\":\"VidSift\",\"file\":\"\(name)\",\"cues\":\(cues),\"mb_s\":\(Int(usual)),\"best_mb_s\":\(Int(fast))}"
    )
}
