internal import Foundation
internal import Subprocess
internal import Synchronization

#if canImport(System)
    internal import System
#else
    internal import SystemPackage
#endif

/// Runs programs: no shell reads their arguments, in a folder of their own where wanted, killed with their children.
///
/// A program runs in a session of its own, with nothing on its standard input and none of our file descriptors. However
/// a run ends, nothing of the program's session is left when it has returned, or when our process is gone, even killed;
/// only a descendant that made yet another session for itself is out of reach.
public struct ChildProcess: Sendable {
    /// What a run may take.
    public struct Limits: Sendable, Equatable {
        /// From the start to the end, what the receiver of the output takes included.
        public var time: Duration
        /// The most bytes on standard output: more is an error.
        public var outputBytes: Int
        /// How many bytes of standard error are kept, from its end: more is no error.
        public var errorBytes: Int

        /// Sets all of them; 16 kB of standard error are kept where nothing else is said.
        public init(time: Duration, outputBytes: Int, errorBytes: Int = 16 << 10) {
            self.time = time
            self.outputBytes = outputBytes
            self.errorBytes = errorBytes
        }
    }

    /// How a run ended, and what was written.
    public struct Result: Sendable, Equatable {
        /// The program's exit code; for one that a signal ended 128 and the signal, as shells count.
        public var exitCode: Int32
        /// The signal that ended the program.
        public var signal: Int32?
        /// Standard output; empty where it was handed over piece by piece.
        public var output: [UInt8]
        /// The end of standard error.
        public var errors: String
    }

    /// After being asked to end (SIGTERM) a program has this long, then it is killed.
    public static let grace = Duration.seconds(2)

    /// The part of our own environment that programs get to see: paths, language, proxies and certificates, no key.
    public static var inheritedEnvironment: [String: String] { ChildEnvironment.inherited }

    private let program: String
    private let environment: [String: String]
    private let grace: Duration

    /// Names a program.
    ///
    /// - Parameters:
    ///   - program: A path, or a name that is looked for in the PATH of the program's environment.
    ///   - environment: All that the program gets to see; without it ``inheritedEnvironment``.
    public init(program: String, environment: [String: String]? = nil) {
        self.init(program: program, environment: environment, grace: Self.grace)
    }

    init(program: String, environment: [String: String]?, grace: Duration) {
        self.program = program
        self.environment = environment ?? Self.inheritedEnvironment
        self.grace = grace
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: One each, as they are; no shell reads them.
    ///   - folder: The program's working folder.
    /// - Throws: ``ProcessError``, or `CancellationError`; the program has ended by then. An exit code is no error
    ///   here.
    public func run(_ arguments: [String], in folder: String? = nil, limits: Limits) async throws -> Result {
        let output = Mutex<[UInt8]>([])
        var result = try await run(arguments, in: folder, limits: limits) { piece in
            output.withLock { $0 += piece }
        }
        result.output = output.withLock(\.self)
        return result
    }

    /// Runs the program to its end and hands over its standard output as it comes, instead of keeping it.
    ///
    /// - Parameter receive: Gets each piece in turn: nothing more is read before it has returned, so that the program
    ///   waits for it. What it throws ends the program and is thrown.
    /// - Throws: ``ProcessError``, what `receive` throws, or `CancellationError`; the program has ended by then. An
    ///   exit code is no error here.
    public func run(
        _ arguments: [String], in folder: String? = nil, limits: Limits,
        receive: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> Result {
        try Task.checkCancellation()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await Task.sleep(for: limits.time)
                return nil
            }
            group.addTask { try await self.end(arguments, folder, limits, receive) }
            defer { group.cancelAll() }
            guard let result = try await group.next() ?? nil else { throw ProcessError.tookTooLong(limits.time) }
            return result
        }
    }

    private func configuration(_ arguments: [String], _ folder: String?) async throws -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = ChildSupervision.ending(grace)
        let pairs = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
        let variables = Environment.custom(Dictionary(uniqueKeysWithValues: pairs))
        return Configuration(
            executable: .path(FilePath(ChildStart.shell)),
            arguments: Arguments(ChildStart.arguments(try await path(variables), arguments)),
            environment: variables, workingDirectory: folder.map { FilePath($0) }, platformOptions: options)
    }

    /// Where the program is.
    private func path(_ variables: Environment) async throws -> String {
        let path: String
        if program.contains("/") {
            // The program changes into its folder before it starts: a relative path would be looked for there.
            path = program.hasPrefix("/") ? program : FileManager.default.currentDirectoryPath + "/" + program
        } else {
            path = try await Executable.name(program).resolveExecutablePath(in: variables).string
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            FileManager.default.isExecutableFile(atPath: path)
        else { throw ProcessError.notFound(program) }
        return path
    }

    private func end(
        _ arguments: [String], _ folder: String?, _ limits: Limits,
        _ receive: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> Result {
        let supervision = ChildSupervision(limits: limits, grace: grace, receive: receive)
        do {
            let end = try await Subprocess.run(
                try await configuration(arguments, folder),
                input: .fileDescriptor(try OwnersPipe.readEnd(), closeAfterSpawningProcess: false),
                output: .sequence, error: .sequence
            ) {
                await supervision.errors(of: $0)
            }
            await ChildSupervision.collectOrphans(of: end.processIdentifier)
            let errors = try end.closureResult.get()
            try Task.checkCancellation()
            switch end.terminationStatus {
            case .exited(let code): return Result(exitCode: code, signal: nil, output: [], errors: errors)
            case .signaled(let signal):
                return Result(exitCode: 128 + signal, signal: signal, output: [], errors: errors)
            }
        } catch let error as SubprocessError {
            throw processError(error)
        } catch let error as Errno {
            throw ProcessError.notStarted(program, reason: error.description)
        }
    }

    private func processError(_ error: SubprocessError) -> ProcessError {
        error.code == .executableNotFound ? .notFound(program) : .notStarted(program, reason: error.description)
    }
}
