internal import Synchronization

/// How far the videos that are being indexed have come; forgotten when they are done.
package final class ProgressBoard: Sendable {
    /// A step that was taken.
    package struct Step: Sendable, Hashable {
        package var done: Int
        package var total: Int
        /// 0...1.
        package var fraction: Double { total > 0 ? Double(done) / Double(total) : 0 }
    }

    private let steps = Mutex<[VideoID: Step]>([:])
    private let onReport: (@Sendable (VideoID, Step) -> Void)?

    /// - Parameter onReport: called at each step, for a progress bar.
    package init(onReport: (@Sendable (VideoID, Step) -> Void)? = nil) {
        self.onReport = onReport
    }

    package subscript(video: VideoID) -> Step? { steps.withLock { $0[video] } }

    func report(_ video: VideoID, done: Int, of total: Int) {
        let step = Step(done: done, total: total)
        steps.withLock { $0[video] = step }
        onReport?(video, step)
    }

    func end(_ video: VideoID) {
        steps.withLock { _ = $0.removeValue(forKey: video) }
    }
}
