import Captions
import Foundation

/// Reads many broken files of some formats and reports the first of each kind that breaks a rule.
struct Campaign {
    /// A file of `Mutator.maximumBytes` must be read and checked within this many seconds.
    static let maximumSeconds = 2.0

    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    /// Whether every input kept every rule.
    func run() -> Bool {
        var isSound = true
        for format in options.formats where !run(format) { isSound = false }
        return isSound
    }

    private func run(_ format: CaptionFormat) -> Bool {
        var mutator = Mutator(seeds: seeds(format), seed: options.seed)
        var (accepted, refused, bytes, slowest) = (0, 0, 0, 0.0)
        let begin = ContinuousClock.now
        for number in 0..<options.count {
            let input = mutator.next()
            let start = ContinuousClock.now
            do {
                let transcript = try Transcript(captions: input, format: number % 8 == 0 ? nil : format)
                accepted += 1
                if let problem = Invariants.violation(transcript, inputBytes: input.count) {
                    report(format, number, problem, input)
                    return false
                }
            } catch {
                refused += 1
                if error.reason.isEmpty || error.description.utf8.count > 400 {
                    report(format, number, "an error without a good reason", input)
                    return false
                }
            }
            let seconds = Double((ContinuousClock.now - start) / .microseconds(1)) / 1e6
            slowest = max(slowest, seconds)
            bytes += input.count
            if seconds > Campaign.maximumSeconds {
                report(format, number, "it took \(seconds) s", input)
                return false
            }
        }
        let total = Double((ContinuousClock.now - begin) / .milliseconds(1)) / 1000
        print(
            "\(format.rawValue): \(options.count) inputs (\(bytes >> 20) MiB) in \(total) s, \(accepted) read, \(refused) refused, "
                + "slowest \(Int(slowest * 1e6)) µs, seed \(options.seed)")
        return true
    }

    private func report(_ format: CaptionFormat, _ number: Int, _ problem: String, _ input: [UInt8]) {
        print("\(format.rawValue): input \(number) of seed \(options.seed): \(problem)")
        print(String(decoding: input, as: UTF8.self).debugDescription)
    }

    /// The built-in samples and the corpus's files of the format.
    private func seeds(_ format: CaptionFormat) -> [[UInt8]] {
        var seeds = Samples.texts(format).map { Array($0.utf8) }
        guard let corpus = options.corpus else { return seeds }
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: corpus)) ?? []
        for name in names.sorted() where CaptionFormat(fileName: (name as NSString).lastPathComponent) == format {
            guard let data = FileManager.default.contents(atPath: "\(corpus)/\(name)") else { continue }
            if (try? Transcript(captions: [UInt8](data), format: format)) != nil { seeds.append([UInt8](data)) }
        }
        return seeds
    }
}
