internal import HTTPTypes
internal import Hummingbird

/// In which form a client reads the events of an answer.
enum StreamFormat: String, Sendable, CaseIterable {
    case native
    /// The UI message stream of Vercel's AI SDK.
    case aiSDK = "ai-sdk"

    /// What `?format=` names, or else `X-Stream-Format`; nil where neither is given.
    ///
    /// - Throws: `Problem` that names the formats there are.
    init?(askedBy request: Request) throws {
        if let asked = try RequestQuery(request).choice("format", among: StreamFormat.self) {
            self = asked
            return
        }
        guard let name = request.headers[.xStreamFormat] else { return nil }
        guard let named = StreamFormat(rawValue: name.trimmed) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid("X-Stream-Format: expected one of \(names), found \(name.quotedForPeople).")
        }
        self = named
    }

    /// A new rendering of a run.
    func rendering(of run: RunID) -> any AnswerRendering {
        switch self {
        case .native: NativeRendering()
        case .aiSDK: AISDKRendering(run: run)
        }
    }

    /// Whether each frame has the event's number, so that a reader can go on after it.
    var isNumbered: Bool { self == .native }
}
