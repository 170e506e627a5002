internal import Subprocess

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads what one program writes, within its limits, and leaves nothing of its session behind.
struct ChildSupervision: Sendable {
    typealias Running = Execution<FileDescriptorInput, SequenceOutput, SequenceOutput>

    let limits: ChildProcess.Limits
    let grace: Duration
    let receive: @Sendable (ArraySlice<UInt8>) async throws -> Void

    /// How a whole session is ended.
    static func ending(_ grace: Duration) -> [TeardownStep] {
        [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)]
    }

    /// The end of standard error, when the program has ended; a failure where the reading failed and the program was
    /// ended.
    ///
    /// Never throws: the package would then send signals to a process that it has already collected, whose number may
    /// be another's by then.
    func errors(of running: Running) async -> Result<String, any Error> {
        let reading: Result<String, any Error>
        do {
            reading = .success(try await read(running))
        } catch {
            reading = .failure(error)
        }
        // Cancellation ends the reading as if the output had ended.
        if case .success = reading, !Task.isCancelled {
            await awaitEnd(of: running)
        } else {
            await running.teardown(using: Self.ending(grace))
        }
        // The process has ended and is not yet collected, so that the number is still its session's: what is left of
        // the session goes now.
        try? running.send(signal: .kill, toProcessGroup: true)
        return reading
    }

    /// Signal 0 does nothing: this waits for the end without collecting the process, which the package has no other way
    /// for. The time limit of the run is watched by whoever cancels this task.
    private func awaitEnd(of running: Running) async {
        await running.teardown(using: [
            .send(signal: Signal(rawValue: 0), toProcessGroup: true, allowedDurationToNextStep: limits.time)
        ])
    }

    /// In a container our process may be the first one: then it inherits what was left of the session, and nobody else
    /// collects it.
    static func collectOrphans(of session: ProcessIdentifier) async {
        guard getpid() == 1 else { return }
        while waitpid(-session.value, nil, WNOHANG) >= 0 {
            // It was killed already. Cancelled: then the rest is collected without a pause.
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    private func read(_ running: Running) async throws -> String {
        async let errors = tail(of: running.standardError)
        var bytes = 0
        for try await buffer in running.standardOutput {
            bytes += buffer.count
            guard bytes <= limits.outputBytes else { throw ProcessError.tooMuchOutput(limits.outputBytes) }
            try await receive(buffer.withUnsafeBytes { [UInt8]($0) }[...])
        }
        return try await errors
    }

    private func tail(of sequence: SubprocessOutputSequence) async throws -> String {
        var tail = OutputTail(limit: limits.errorBytes)
        for try await buffer in sequence { tail.append(buffer.withUnsafeBytes { [UInt8]($0) }) }
        return tail.text
    }
}
