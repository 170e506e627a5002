internal import Database
internal import Logging

extension RunHost {
    /// Follows a run, wherever it is made, from after the event of that number on.
    ///
    /// - Throws: `RunError.noSuchRun` where it is not the owner's, or its events were removed; `DatabaseError`.
    package func follow(_ id: RunID, owner: String, after number: Int) async throws -> RunFollower {
        if let run = hosted(id), run.owner == owner { return RunFollower(run, on: self, after: number) }
        guard let record = try await RunRecord.get(id, owner: owner, on: database), record.hasEvents else {
            throw RunError.noSuchRun
        }
        // Its session may have got another owner since it began.
        if let run = hosted(id) { return RunFollower(run, on: self, after: number) }
        return RunFollower(id, on: self, after: number)
    }

    /// Stops a run, wherever it is made; one that has ended stays as it is.
    ///
    /// - Throws: `RunError.noSuchRun` where it is not the owner's; `DatabaseError`.
    package func stop(_ id: RunID, owner: String) async throws {
        if let run = hosted(id), run.owner == owner { return run.stop(.wished) }
        guard let record = try await RunRecord.get(id, owner: owner, on: database) else { throw RunError.noSuchRun }
        guard record.state == .running else { return }
        if let run = hosted(id) { return run.stop(.wished) }
        if record.isAbandoned {
            if try await RunRescue.end(id, on: database) { tellOfEvents(of: id) }
        } else if try await RunRecord.requestStop(id, on: database) {
            await tellWish(about: id)
        }
    }

    /// Makes the answer for one who waits for it here: when he leaves, the run is stopped at once.
    ///
    /// - Parameter receive: is given each event in order; what it throws stops the run.
    /// - Throws: what `receive` throws; `CancellationError`; what following throws.
    package func answer(_ run: Ask.Run, receive: (AnswerEvent) async throws -> Void) async throws {
        let follower = try await follow(run.id, owner: run.owner, after: 0)
        do {
            while true {
                let events = try await follower.next()
                if events.isEmpty { return }
                for numbered in events { try await receive(numbered.event) }
            }
        } catch {
            await stopAndWait(run.id)
            throw error
        }
    }

    private func stopAndWait(_ id: RunID) async {
        guard let run = hosted(id) else { return }
        run.stop(.wished)
        // Not cancelled with whoever has left: its end is to be stored when this returns.
        let waiting = Task { while hosted(id) != nil { await waitForAnEnd() } }
        await waiting.value
    }

    /// Stored events.
    func events(of id: RunID, after number: Int, limit: Int) async throws -> [NumberedEvent] {
        try await patience { [database, pageBase] in
            try await RunEvent.list(of: id, after: number, limit: limit, on: database)
                .map { try NumberedEvent($0, pageBase: pageBase) }
        }
    }

    // MARK: - Telling other instances

    /// Tells whoever makes a run that something is wanted of it. He finds it at his next heartbeat if this fails.
    func tellWish(about id: RunID) async {
        await tell(id, on: RunNotice.wishes)
    }

    private func tell(_ id: RunID, on channel: String) async {
        guard database.kind == .postgres else { return }
        do {
            try await database.execute(RunNotice.sending(id, on: channel))
        } catch {
            logger.debug("other instances were not told of a run", metadata: ["run": "\(id)", "error": "\(error)"])
        }
    }

    /// Tells the readers of this process that a run has an end. Those of others look themselves.
    func tellOfEvents(of id: RunID) {
        news.announce(id)
    }
}
