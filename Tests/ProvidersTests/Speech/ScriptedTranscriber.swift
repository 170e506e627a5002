import Foundation
import Synchronization

@testable import Providers

/// A transcriber in the process that hears what a script tells it to, and remembers what it was asked.
final class ScriptedTranscriber: TranscriptionModel {
    typealias Script = @Sendable (_ recording: SpeechRecording, _ call: Int) async throws -> Transcription

    let name = "scripted"
    let maximumFileBytes: Int
    private let script: Script
    private let state = Mutex<(asked: [SpeechRecording], mostFiles: Int, open: Int, mostOpen: Int)>(([], 0, 0, 0))

    init(maximumFileBytes: Int = 25_000_000, script: @escaping Script) {
        self.maximumFileBytes = maximumFileBytes
        self.script = script
    }

    var asked: [SpeechRecording] { state.withLock(\.asked) }
    /// The most files that were in a recording's folder when it was asked.
    var mostFiles: Int { state.withLock(\.mostFiles) }
    var mostOpen: Int { state.withLock(\.mostOpen) }

    func transcribe(_ recording: SpeechRecording) async throws -> Transcription {
        let folder = (recording.path as NSString).deletingLastPathComponent
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).count
        let call = state.withLock { state in
            state.asked.append(recording)
            state.mostFiles = max(state.mostFiles, files)
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            return state.asked.count - 1
        }
        defer { state.withLock { $0.open -= 1 } }
        return try await script(recording, call)
    }

    func close() async {}
}
