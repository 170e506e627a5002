internal import Database
internal import VidSift

/// Looks at an opened database: engine, schema, damage, and what is in it.
struct LibraryExamination {
    let database: Database
    /// The embedding model that is configured; '' by words alone.
    let model: String
    let youtube: YouTubeSettings

    func findings() async -> [Finding] {
        var findings: [Finding] = []
        do {
            findings.append(.fine("database", "\(try await database.engineVersion()), \(try await megabytes())"))
            findings.append(try await damage())
            let schema = try await schema()
            findings.append(schema)
            if schema.state == .fine {
                findings += try await content()
                findings += try await QueueExamination(database: database).findings()
                findings += try await YouTubeExamination(database: database, settings: youtube).findings()
            }
        } catch {
            findings.append(.broken("database", Failure.explanation(of: error)))
        }
        return findings
    }

    private func megabytes() async throws -> String {
        let bytes = try await database.size()
        return bytes >= 10 << 20 ? "\(bytes >> 20) MB" : "\(bytes >> 10) kB"
    }

    private func damage() async throws -> Finding {
        let problems = try await database.quickCheck()
        guard let first = problems.first else { return .fine("quick check", "no damage was found") }
        return .broken(
            "quick check", "\(problems.count) faults, the first: \(first)",
            remedy: "put a backup of the data folder in its place, or move it away and add the files again")
    }

    private func schema() async throws -> Finding {
        do {
            let pending = try await LibrarySchema.migrator(for: database).pending(on: database)
            guard !pending.isEmpty else { return .fine("schema", "up to date") }
            return .warning(
                "schema", "behind by \(pending.joined(separator: ", "))",
                remedy: "any other command brings it up to date")
        } catch let error as MigrationError {
            return .broken("schema", error.description)
        }
    }

    private func content() async throws -> [Finding] {
        guard let state = try await LibraryState.get(model: model, on: database) else { return [] }
        var findings = [Finding.fine("library", "\(state.videos) videos, \(state.passages) passages")]
        if state.pending > 0 {
            findings.append(
                .warning(
                    "waiting", "\(state.pending) transcripts are not indexed yet",
                    remedy: "`vidsift serve`, or `vidsift add` of anything, finishes them"))
        }
        if state.failed > 0 {
            findings.append(
                .warning(
                    "given up", "\(state.failed) transcripts, the last because: \(state.lastError ?? "unknown")",
                    remedy: "`vidsift serve` tries them again; so does adding the file again"))
        }
        if !model.isEmpty, state.withoutVectors > 0 {
            findings.append(
                .warning(
                    "words only", "\(state.withoutVectors) videos have no vectors of \(model)",
                    remedy: "`vidsift serve` makes them"))
        }
        return findings
    }
}
