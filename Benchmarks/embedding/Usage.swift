import Foundation

/// A moment, and the CPU time that the process had used by then.
struct Usage {
    private let cpu: Double
    private let wall = ContinuousClock.now

    static func now() -> Usage { Usage(cpu: cpuMilliseconds()) }

    func cpuMillisecondsSince() -> Double { Self.cpuMilliseconds() - cpu }
    func millisecondsSince() -> Double { (ContinuousClock.now - wall) / .milliseconds(1) }

    private static func cpuMilliseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }

    /// Resident memory by `/proc/self/statm` (0 where there is none).
    static func residentMegabytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_000_000
    }
}

/// Texts of common words, each of which is one token.
enum Texts {
    private static let words = """
        the of and in to was he is as for on with that it his by at from her she you had an were but be this are not my they \
        one which or have him me first all also their has up who out been when after there into new two its time would no what \
        about said we over then other so more can if like back them only some could where just during before do made school \
        through than now years most world may between down well three year while will later city under around did such being used \
        state people part know against your many second university both national these don known off way until re how even get
        """.split { $0 == " " || $0 == "\n" }.map(String.init)

    static func make(_ count: Int, words length: Int, seed: UInt64) -> [String] {
        make(count, words: length...length, seed: seed)
    }

    static func make(_ count: Int, words lengths: ClosedRange<Int>, seed: UInt64) -> [String] {
        var random = SplitMix(state: seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: lengths, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }.joined(separator: " ")
        }
    }
}

/// The same numbers on every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
