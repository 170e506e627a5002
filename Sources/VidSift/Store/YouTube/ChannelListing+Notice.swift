package import Database

extension ChannelListing {
    /// Writes down that people are told of the end of a job.
    ///
    /// - Returns: false, with nothing written, where they were told of it before, or where there is no such channel.
    package static func markNoticed(
        _ channel: ChannelID, of job: JobID, on tx: some SQLRunner
    ) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE channel_listings SET noticed_job_id = \(job)
            WHERE channel_id = \(channel) AND (noticed_job_id IS NULL OR noticed_job_id <> \(job))
            """) > 0
    }

    /// Has people told again of the end of a job that somebody puts back to work.
    package static func forgetNotice(
        _ channel: ChannelID, of job: JobID, on tx: some SQLRunner
    ) async throws {
        try await tx.execute(
            """
            UPDATE channel_listings SET noticed_job_id = NULL
            WHERE channel_id = \(channel) AND noticed_job_id = \(job)
            """)
    }
}
