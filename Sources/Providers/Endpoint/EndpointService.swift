/// What an endpoint is asked for: its name in messages, and its place behind the base URL.
enum EndpointService: Sendable {
    case chat
    case embeddings
    case mail
    case transcriptions

    /// As it stands in a sentence, behind "the".
    var name: String {
        switch self {
        case .chat: "chat endpoint"
        case .embeddings: "embeddings endpoint"
        case .mail: "mail service"
        case .transcriptions: "transcription endpoint"
        }
    }

    private var path: String {
        switch self {
        case .chat: "/chat/completions"
        case .embeddings: "/embeddings"
        case .mail: "/emails"
        case .transcriptions: "/audio/transcriptions"
        }
    }

    /// The whole address.
    func url(behind base: String) -> String {
        base.hasSuffix("/") ? String(base.dropLast()) + path : base + path
    }
}
