internal import VidSift

/// One thing that was looked at.
struct Finding: Sendable {
    enum State: String, Sendable {
        case fine
        /// It works without, but not as well.
        case warning
        /// Nothing works before this is mended.
        case broken
    }

    var state: State
    var subject: String
    var detail: String
    /// The command or the change that mends it.
    var remedy: String?

    static func fine(_ subject: String, _ detail: String) -> Finding {
        Finding(state: .fine, subject: subject, detail: detail)
    }

    static func warning(_ subject: String, _ detail: String, remedy: String? = nil) -> Finding {
        Finding(state: .warning, subject: subject, detail: detail, remedy: remedy)
    }

    static func broken(_ subject: String, _ detail: String, remedy: String? = nil) -> Finding {
        Finding(state: .broken, subject: subject, detail: detail, remedy: remedy)
    }

    /// Columns of the widest subject.
    private static let subjectWidth = 16

    func text(on terminal: Terminal) -> String {
        let padding = String(repeating: " ", count: max(1, Self.subjectWidth - subject.count))
        let mark =
            switch state {
            case .fine: terminal.green("ok     ")
            case .warning: terminal.yellow("warning")
            case .broken: terminal.red("broken ")
            }
        let mend = remedy.map { "\n" + String(repeating: " ", count: Self.subjectWidth + 9) + "-> \(Clean.text($0))" }
        return "\(mark)  \(subject)\(padding)\(Clean.text(detail))" + (mend ?? "")
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("state", state.rawValue)
            json.field("subject", subject)
            json.field("detail", detail)
            json.field("remedy", remedy)
        }
    }
}
