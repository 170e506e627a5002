extension YtDlp {
    /// What is in a playlist, or all that a channel has uploaded (its newest first), as YouTube's pages come in.
    ///
    /// - Parameters:
    ///   - maximum: The most entries that are asked for; 5,000 take about fifty requests.
    ///   - receive: Gets each entry in turn; what it throws ends the run and is thrown.
    /// - Returns: The number of entries. A list without any is no error.
    /// - Throws: ``YtDlpError``, what `receive` throws, or `CancellationError`.
    @discardableResult
    public func list(
        _ list: YtDlpList, maximum: Int, receive: @escaping @Sendable (YtDlpListEntry) async throws -> Void
    ) async throws -> Int {
        try await entries(at: list.address, maximum: maximum, receive: receive)
    }

    /// For tests, which list feeds of their own.
    func entries(
        at address: String, maximum: Int, receive: @escaping @Sendable (YtDlpListEntry) async throws -> Void
    ) async throws -> Int {
        let limits = YtDlpLimits.limits(YtDlpLimits.listTime, YtDlpLimits.listBytes)
        let count = EntryCount(maximum: maximum)
        return try await YtDlpFolder.make(settings) { folder in
            do {
                try await run(YtDlpArguments.list(maximum: maximum), at: address, in: folder, limits) { line in
                    let position = try await count.next()
                    if let entry = try YtDlpListEntry(json: line, position: position) { try await receive(entry) }
                }
            } catch let error as YtDlpError where error.kind == .emptyList {
                return 0
            }
            return await count.value
        }
    }

    /// Which channel a link leads to: its id, name and handle.
    ///
    /// - Throws: ``YtDlpError`` (`notFound` where there is no such channel), or `CancellationError`.
    public func channel(_ link: YouTubeLink) async throws -> YtDlpChannel {
        try await channel(at: link.canonicalURL)
    }

    func channel(at address: String) async throws -> YtDlpChannel {
        let limits = YtDlpLimits.limits(YtDlpLimits.informationTime, YtDlpLimits.informationBytes)
        let result = try await YtDlpFolder.make(settings) { folder in
            try await run(YtDlpArguments.description, at: address, in: folder, limits)
        }
        return try YtDlpChannel(json: result.output)
    }

    /// Counts entries, and stops a program that sends more than it was asked for.
    private actor EntryCount {
        private(set) var value = 0
        private let maximum: Int

        init(maximum: Int) { self.maximum = max(maximum, 1) }

        /// - Returns: The number of this entry, from 1.
        func next() throws -> Int {
            guard value < maximum else { throw YtDlpError(.toolCrashed, detail: "more than \(maximum) entries") }
            value += 1
            return value
        }
    }
}
