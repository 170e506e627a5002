import Foundation

/// Rows of floats in a file, mapped and not read into memory.
struct VectorFile {
    static let dimensions = 384

    private let data: Data

    init(_ path: String) throws { data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped) }

    var count: Int { data.count / (4 * Self.dimensions) }

    func row(_ index: Int) -> [Float] {
        let start = index * 4 * Self.dimensions
        return data.withUnsafeBytes { bytes in
            Array(
                UnsafeRawBufferPointer(rebasing: bytes[start..<start + 4 * Self.dimensions]).bindMemory(to: Float.self))
        }
    }
}

/// The lines of a text file.
func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: true).map(
        String.init)
}

/// Milliseconds at fractions of a sorted list of durations.
struct Percentiles: Encodable {
    var p50: Double
    var p99: Double
    var worst: Double

    init(_ durations: [Duration]) {
        let sorted = durations.map { $0 / .milliseconds(1) }.sorted()
        p50 = sorted[sorted.count / 2]
        p99 = sorted[sorted.count * 99 / 100]
        worst = sorted[sorted.count - 1]
    }
}

/// Processor time of the calling thread: what a search costs, however busy the machine is.
func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// Resident bytes of this process (Linux).
func residentBytes() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    return (Int(status.split(separator: " ")[1]) ?? 0) * 4_096
}
