/// What the words of a statement tell without asking the server: whether it writes, and whether it may be run at all.
struct PostgresStatementWords {
    /// Whether it must run on a connection that writes.
    let writes: Bool
    /// The word because of which it is refused.
    let refused: String?

    /// Statements that change the connection would change it for whoever uses it next.
    private static let refusedFirst: Set<String> = [
        "ABORT", "BEGIN", "CLOSE", "COMMIT", "COPY", "DEALLOCATE", "DECLARE", "DISCARD", "END", "EXECUTE", "FETCH",
        "LISTEN", "LOAD", "MOVE", "PREPARE", "RELEASE", "RESET", "ROLLBACK", "SAVEPOINT", "SET", "START", "UNLISTEN",
    ]
    /// What can be set without outliving the transaction.
    private static let passing: Set<String> = ["LOCAL", "CONSTRAINTS"]
    private static let readingFirst: Set<String> = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN"]
    /// Anywhere in a statement that begins like a reading one. `FOR UPDATE` and `FOR SHARE` lock rows, which counts
    /// as writing.
    private static let writing: Set<String> = ["INSERT", "UPDATE", "DELETE", "MERGE", "INTO", "SHARE", "ANALYZE"]

    init(_ text: String) {
        var lexer = PostgresLexer(text)
        let (first, second) = Self.firstWords(&lexer)
        refused = Self.refusal(first, second)
        guard Self.readingFirst.contains(first) else {
            writes = true
            return
        }
        var found = Self.writing.contains(second)
        while !found, let token = lexer.next() {
            if case .word(let word) = token { found = Self.writing.contains(word) }
        }
        writes = found
    }

    func refuseUnlessPlain() throws {
        guard let refused else { return }
        throw DatabaseError(.misuse, "\(refused) can't be run as a statement: it belongs to the database layer.")
    }

    /// Refuses a script one of whose statements would end the transaction or outlive it.
    static func refuseUnlessPlain(script: String) throws {
        var lexer = PostgresLexer(script)
        var isAtStart = true
        var bodies = BodyDepth()
        while let token = lexer.next() {
            switch token {
            case .semicolon:
                if bodies.isOutside { isAtStart = true }
                continue
            case .word(let word):
                if isAtStart {
                    var ahead = lexer
                    let second = if case .word(let second) = ahead.next() { second } else { "" }
                    if let refused = refusal(word, second) {
                        throw DatabaseError(
                            .misuse, "\(refused) can't be run in a migration: it belongs to the database layer.")
                    }
                    bodies = BodyDepth()
                }
                bodies.see(word)
            case .other: break
            }
            isAtStart = false
        }
    }

    private static func firstWords(_ lexer: inout PostgresLexer) -> (String, String) {
        var words: [String] = []
        while words.count < 2, let token = lexer.next() {
            if case .word(let word) = token {
                words.append(word)
            } else if !words.isEmpty {
                words.append("")
            }
        }
        return (words.first ?? "", words.dropFirst().first ?? "")
    }

    private static func refusal(_ first: String, _ second: String) -> String? {
        guard refusedFirst.contains(first), !(first == "SET" && passing.contains(second)) else { return nil }
        return first
    }
}

/// How deep in the body of an SQL function (`BEGIN ATOMIC … END`) a script is: its semicolons end no statement.
private struct BodyDepth {
    private var depth = 0
    private var last = ""

    var isOutside: Bool { depth == 0 }

    mutating func see(_ word: String) {
        if word == "ATOMIC", last == "BEGIN" {
            depth += 1
        } else if depth > 0, word == "CASE" {
            depth += 1
        } else if depth > 0, word == "END" {
            depth -= 1
        }
        last = word
    }
}
