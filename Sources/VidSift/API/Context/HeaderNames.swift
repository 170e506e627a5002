internal import HTTPTypes

extension HTTPField.Name {
    /// Under which the log has what an answer doesn't tell.
    static let requestID = named("x-request-id")
    static let xAccelBuffering = named("x-accel-buffering")
    /// In which form a client wants the events of an answer.
    static let xStreamFormat = named("x-stream-format")
    /// The version of the AI SDK's stream.
    static let xVercelAIUIMessageStream = named("x-vercel-ai-ui-message-stream")
    static let xFrameOptions = named("x-frame-options")
    static let referrerPolicy = named("referrer-policy")

    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
