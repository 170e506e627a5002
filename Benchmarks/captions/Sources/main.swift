import Captions
import Foundation

/// `captions-benchmark FILE…`: reads each file again and again for a second, prints MB/s as JSON lines.
let minimumSeconds = 1.0

/// CPU seconds of this process: the wall clock would measure the neighbours too.
func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

for path in CommandLine.arguments.dropFirst() {
    guard let data = FileManager.default.contents(atPath: path) else { continue }
    let bytes = [UInt8](data)
    let name = (path as NSString).lastPathComponent
    var (rounds, cues) = (0, 0)
    let begin = cpuSeconds()
    while rounds < 3 || cpuSeconds() - begin < minimumSeconds {
        cues = (try? Transcript(captions: bytes, fileName: name).cues.count) ?? 0
        rounds += 1
    }
    let speed = Double(bytes.count) / 1e6 * Double(rounds) / (cpuSeconds() - begin)
    print("{\"reader\":\"VidSift\",\"file\":\"\(name)\",\"cues\":\(cues),\"mb_per_cpu_second\":\(Int(speed))}")
}
