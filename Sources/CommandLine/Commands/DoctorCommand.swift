internal import ArgumentParser
internal import VidSift

/// `vidsift doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what is installed, what is missing, and the command that mends it.",
        discussion: """
            Changes nothing. Exit code 1 says that something essential is broken. --network asks YouTube once each way: the \
            Data API where there is a key (one unit), a channel's feed, and yt-dlp.
            """)

    @Flag(help: "Ask YouTube, too, and say what works.")
    var network = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let findings = await Examination(options, asksYouTube: network).findings()
        if options.json {
            try Output.document { json in
                json.object { json in
                    json.field("healthy", !findings.contains { $0.state == .broken })
                    json.key("findings")
                    json.array(findings) { $1.write(to: &$0) }
                }
            }
        } else {
            for finding in findings { try Output.line(finding.text(on: .current)) }
        }
        if findings.contains(where: { $0.state == .broken }) { throw ExitCode.failure }
    }
}
