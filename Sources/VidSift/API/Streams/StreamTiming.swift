/// When a stream looks for news, says that it lives, and gives a reader up.
package struct StreamTiming: Sendable {
    /// Silence after which a comment is sent, so that nobody in between takes the connection for dead.
    package var keepAlive: Duration
    /// How long one frame may wait for a reader that takes nothing.
    package var maximumStall: Duration
    /// How often a state that tells nobody of its changes is looked at.
    package var poll: Duration

    package init(
        keepAlive: Duration = .seconds(15), maximumStall: Duration = .seconds(30), poll: Duration = .milliseconds(500)
    ) {
        self.keepAlive = keepAlive
        self.maximumStall = maximumStall
        self.poll = poll
    }
}
