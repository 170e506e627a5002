internal import Foundation

/// Strikes out of yt-dlp's words what is in no log: the proxy's password, where cookies are, the keys in addresses,
/// control characters.
struct LogRedaction {
    /// Texts and what stands for them, the longest first.
    private let secrets: [(text: String, sign: String)]

    init(_ settings: YtDlp.Settings) {
        var secrets: [(text: String, sign: String)] = []
        if let proxy = settings.proxy?.value {
            secrets.append((proxy, "[proxy]"))
            secrets += Self.names(in: proxy).map { ($0, "[proxy]") }
        }
        if let cookies = settings.cookies { secrets.append((cookies, "[cookies]")) }
        self.secrets = secrets.filter { !$0.text.isEmpty }.sorted { $0.text.count > $1.text.count }
    }

    func redacted(_ text: String) -> String {
        // Titles and pages are quoted in there: what moves a terminal's cursor goes nowhere.
        let printable = text.unicodeScalars.map { $0 == "\n" || $0.properties.generalCategory != .control ? $0 : " " }
        return withoutSecrets(String(String.UnicodeScalarView(printable)))
    }

    private func withoutSecrets(_ text: String) -> String {
        var text = secrets.reduce(text) { text, secret in text.replacing(secret.text, with: secret.sign) }
        // Other addresses with a password: a proxy of the environment, for one.
        text = text.replacing(/:\/\/[^\s\/@'"]+@/) { _ in "://[hidden]@" }
        return text.replacing(/([?&](?:[a-z_]*sig|signature|pot|po_token|key|token|ip)=)[^&\s'")]+/) { match in
            "\(match.output.1)[hidden]"
        }
    }

    /// The name and password before the host, encoded and not; short ones are too likely to be words.
    private static func names(in address: String) -> [String] {
        guard let at = address.lastIndex(of: "@"), let start = address.firstRange(of: "://")?.upperBound, start < at
        else { return [] }
        let parts = address[start..<at].split(separator: ":", maxSplits: 1).map(String.init)
        return (parts + parts.compactMap(\.removingPercentEncoding)).filter { $0.count >= shortestSecret }
    }

    private static let shortestSecret = 4
}
