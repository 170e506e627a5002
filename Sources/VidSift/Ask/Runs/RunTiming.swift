/// How long the parts of a run may take.
package struct RunTiming: Sendable {
    /// How long a holder may be silent before others end its runs.
    package var lease = Duration.seconds(20)
    /// How often a holder says that it lives, and looks after its runs.
    package var heartbeat = Duration.seconds(3)
    /// How long a run goes on that nobody reads.
    package var grace = Duration.seconds(60)
    /// How often a run of another instance is looked at where nobody tells of its events.
    package var poll = Duration.milliseconds(500)
    /// How long a database that is away is waited for before what was to be written is given up.
    package var patience = Duration.seconds(12)
    /// How long answers may go on after the server was told to stop.
    package var shutdown = Duration.seconds(8)
    /// The longest run.
    package var longest = Duration.seconds(15 * 60)

    package init() {}
}
