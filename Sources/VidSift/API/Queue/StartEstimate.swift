/// How fast the jobs of a kind are done: from what was measured, and by who works now.
struct WorkPace: Sendable, Hashable {
    /// How long one usually takes; nil where none was measured.
    var usual: Duration?
    /// How many are done at a time, by all who work.
    var places: Int

    /// How long it takes until so many are done; nil where nobody knows.
    func time(for jobs: Int) -> Duration? {
        guard let usual, places > 0, jobs > 0 else { return nil }
        return usual * jobs / places
    }
}
