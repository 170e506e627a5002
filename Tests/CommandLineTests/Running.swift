import Foundation
import Synchronization

/// A program that runs, and what it has written so far.
final class Running: Sendable {
    private let process: Process
    private let written = Collected()
    private let complained = Collected()
    private let ending: AsyncStream<Void>

    init(_ program: URL, _ arguments: [String], _ environment: [String: String], in folder: URL) throws {
        process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = written.pipe
        process.standardError = complained.pipe
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        ending = stream
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        written.collect()
        complained.collect()
    }

    var processID: Int32 { process.processIdentifier }

    /// What has come on standard output so far.
    var output: String { written.text }

    /// Waits until a line of standard output contains the text; false when the output ends without it.
    func prints(_ text: String) async -> Bool {
        if written.text.contains(text) { return true }
        for await _ in written.lines where written.text.contains(text) { return true }
        return written.text.contains(text)
    }

    /// Waits for the end, and for all that was written.
    func end() async throws -> Vidsift.Result {
        for await _ in ending {}
        for await _ in written.lines {}
        for await _ in complained.lines {}
        return Vidsift.Result(status: process.terminationStatus, output: written.text, errors: complained.text)
    }

    /// Sends a signal to this process alone.
    func signal(_ number: Int32) { kill(processID, number) }
}

/// What comes out of one pipe.
private final class Collected: Sendable {
    let pipe = Pipe()
    /// An element whenever something came; ends with the pipe.
    let lines: AsyncStream<Void>
    private let came: AsyncStream<Void>.Continuation
    private let bytes = Mutex(Data())

    init() {
        (lines, came) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Reads on a thread of its own until the other end is closed.
    func collect() {
        Thread.detachNewThread { [self] in
            // An empty piece is the end of the pipe.
            while true {
                let data = pipe.fileHandleForReading.availableData
                if data.isEmpty { break }
                bytes.withLock { $0.append(data) }
                came.yield()
            }
            came.finish()
        }
    }
}
