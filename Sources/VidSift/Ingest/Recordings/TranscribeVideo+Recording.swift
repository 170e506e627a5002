internal import Database
internal import Foundation
internal import Logging
internal import Providers

extension TranscribeVideo {
    /// The same job does the file that has taken the place of the one it had.
    private static let onceMore = JobOutcome.sleep(until: .after(.zero))
    /// What is not whole in the database never will be.
    private static let incomplete = "Its sound is not whole any more: add the file again."

    /// Listens to a recording that was added as a file.
    func listen(to recording: Recording, _ running: RunningJob) async throws -> JobOutcome {
        guard recording.stage == .accepted else {
            return .buried(
                reason: "Its sound is no longer kept: add the file again. \(recording.lastError ?? "")".trimmed)
        }
        do {
            return try await AudioFolder.with { folder in
                let path = "\(folder)/sound.\(AudioPreparation.compactFileExtension)"
                let bytes = try await putTogether(recording, to: path)
                guard bytes == recording.bytes else { return try await end(recording, because: Self.incomplete) }
                return try await writeDown(path, of: ListenedVideo(recording), in: folder, running)
            }
        } catch is OutdatedSound {
            return Self.onceMore
        } catch let error as AudioError {
            logger.warning("sound can't be read", metadata: ["error": "\(String(reflecting: error))"])
            guard !error.isRetryable else { return .retry(after: nil, reason: error.description) }
            return try await end(recording, because: error.description)
        } catch let error as ProviderError {
            guard !error.isRetryable else { return .retry(after: error.retryAfter, reason: error.description) }
            return try await end(recording, because: error.description)
        } catch IngestError.noSpeech {
            return try await end(recording, because: IngestError.silentRecording(name: recording.title).description)
        } catch let error as IngestError {
            return try await end(recording, because: error.description)
        } catch let error as DatabaseError where error.isRetryable {
            return .retry(after: nil, reason: error.description)
        }
    }

    /// What stands in the file's way names folders of this machine: that is for the log.
    private func putTogether(_ recording: Recording, to path: String) async throws -> Int {
        do {
            return try await SoundPiece.writeAll(of: recording.videoID, to: path, on: database)
        } catch let error where !(error is DatabaseError || error is CancellationError) {
            throw AudioError.failed("its sound could not be put together: \(error)")
        }
    }

    /// Gives up, unless another file has come meanwhile: the transaction that buries the job writes it down.
    private func end(_ recording: Recording, because reason: String) async throws -> JobOutcome {
        let current = try await Recording.get(recording.videoID, on: database)
        return current?.checksum == recording.checksum ? .buried(reason: reason) : Self.onceMore
    }
}
