internal import CPostgres

extension PostgresSession {
    /// Inserts rows in bulk: `COPY … FROM STDIN` in the binary format, written straight from the values.
    ///
    /// When a row can't be written, or the work is stopped, nothing is inserted and the connection stays usable.
    func insert(
        _ rows: some Sequence<[SQLValue]>, into target: InsertTarget, _ watch: inout PostgresWatch
    ) throws -> Int {
        let text = "COPY \(target.quotedTable) (\(target.quotedColumns)) FROM STDIN (FORMAT binary)"
        // Together, so that the types are those of the table as it is when the rows come.
        let types = "SELECT \(target.quotedColumns) FROM \(target.quotedTable) LIMIT 0"
        guard PQsendQuery(handle, "\(types); \(text)") == 1 else { throw sendFailure(text) }
        guard let types = try typesOnceReady(text, &watch) else { return 0 }
        var reason: (any Error)?
        do {
            try send(rows, target, try columns(of: target, types), &watch)
        } catch {
            reason = error
        }
        try end(giveUp: reason != nil, text, &watch)
        return try finishCopy(reason, text, &watch)
    }

    /// The types of the columns, once the server waits for rows; throws when it refuses.
    private func typesOnceReady(_ text: String, _ watch: inout PostgresWatch) throws -> [Oid]? {
        var types: [Oid] = []
        var failure: (any Error)?
        while let result = try nextResult(&watch) {
            if result.status == PGRES_COPY_IN { return types }
            if result.isSuccess {
                types = (0..<PQnfields(result.handle)).map { PQftype(result.handle, $0) }
            } else if failure == nil {
                failure = self.failure(of: result, text)
            }
            if isBroken { break }
        }
        try finish(&watch, error: failure)
        return nil
    }

    /// - Parameter reason: why the client gave up; the server's complaint about that is not the reason.
    private func finishCopy(
        _ reason: (any Error)?, _ text: String, _ watch: inout PostgresWatch
    ) throws -> Int {
        var failure: (any Error)?
        var count = 0
        while let result = try nextResult(&watch) {
            if result.isSuccess {
                count = result.changes
            } else if failure == nil {
                failure = self.failure(of: result, text)
            }
            if isBroken { break }
        }
        try finish(&watch, error: reason ?? failure)
        return count
    }

    // MARK: - Rows

    private func columns(of target: InsertTarget, _ types: [Oid]) throws -> [PostgresCopyColumn] {
        try zip(target.columns, types).map { name, oid in
            guard let type = PostgresType(rawValue: oid) else {
                throw DatabaseError(
                    .misuse, "The column \"\(name)\" has the type with OID \(oid), which can't be filled in bulk.")
            }
            return PostgresCopyColumn(name: name, type: type)
        }
    }

    private func send(
        _ rows: some Sequence<[SQLValue]>, _ target: InsertTarget, _ columns: [PostgresCopyColumn],
        _ watch: inout PostgresWatch
    ) throws {
        var buffer = PostgresCopyBuffer(columns)
        for row in rows {
            try target.check(row)
            try buffer.append(row)
            if buffer.bytes.count >= PostgresLimits.copyChunk { try put(&buffer, &watch) }
        }
        buffer.appendEnd()
        try put(&buffer, &watch)
    }

    private func put(_ buffer: inout PostgresCopyBuffer, _ watch: inout PostgresWatch) throws {
        guard let length = CInt(exactly: buffer.bytes.count) else {
            throw DatabaseError(.tooLarge, "A row is larger than the database can take.")
        }
        try buffer.bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            try repeatingWhileFull(&watch) { PQputCopyData(handle, start, length) }
        }
        while !flush(), !isBroken { try waitToSend(&watch) }
        buffer.removeAll()
    }

    /// Ends the rows: with them all, or with none.
    private func end(giveUp: Bool, _ text: String, _ watch: inout PostgresWatch) throws {
        while !isBroken {
            let outcome = PQputCopyEnd(handle, giveUp ? "the client has given up" : nil)
            if outcome == 1 { return }
            guard outcome == 0 else { throw sendFailure(text) }
            try waitToSend(&watch)
        }
    }

    /// Hands something to libpq, which takes it only when it has room.
    private func repeatingWhileFull(_ watch: inout PostgresWatch, _ offer: () -> CInt) throws {
        while !isBroken {
            try checkStop(&watch)
            let outcome = offer()
            if outcome == 1 { return }
            guard outcome == 0 else { throw sendFailure(nil) }
            try waitToSend(&watch)
        }
    }
}
