/// How far a transaction is kept apart from those that run beside it.
///
/// SQLite runs transactions that write one after the other, so each is serializable there.
public enum Isolation: Sendable, CaseIterable {
    /// Each statement sees what was committed before the statement began.
    case readCommitted
    /// All statements see what was committed before the first began; changing what another has changed since fails
    /// with `conflict`.
    case repeatableRead
    /// As if the transactions ran one after the other; one that can't be fitted in fails with `conflict`.
    case serializable
}
