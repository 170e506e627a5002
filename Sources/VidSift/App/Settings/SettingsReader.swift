internal import Configuration
internal import Database
internal import Foundation
internal import Logging
internal import Providers

/// Reads variables one by one and collects what is wrong with them.
struct SettingsReader {
    private let reader: ConfigReader
    private(set) var problems: [String] = []

    init(_ reader: ConfigReader) {
        self.reader = reader
    }

    /// The variable's text; nil where it is unset or empty.
    func text(_ name: String) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        guard let value = reader.string(forKey: key, isSecret: Self.isSecret(name)), !value.isEmpty else { return nil }
        return value
    }

    /// Names of values that may hold a key or a password.
    private static func isSecret(_ name: String) -> Bool {
        name.hasSuffix("KEY") || name.hasSuffix("SECRET")
            || ["DATABASE_URL", "SMTP_URL", "WEBHOOK_URL", "YOUTUBE_PROXY"].contains(name)
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(name) else { return nil }
        if let value = Int(text), range.contains(value) { return value }
        problems.append(
            "\(name)=\(text.prefix(40)): expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    mutating func url(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        if let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false {
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
        let problem = "\(name): expected an address that begins with http:// or https://"
        // Some addresses are asked for more than once.
        if !problems.contains(problem) { problems.append(problem) }
        return nil
    }

    func list(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    func nonEmptyList(_ name: String) -> [String]? {
        let values = list(name)
        return values.isEmpty ? nil : values
    }

    mutating func logLevel() -> Logger.Level {
        guard let text = text("LOG_LEVEL") else { return .notice }
        if let level = Logger.Level(rawValue: text.lowercased()) { return level }
        let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("LOG_LEVEL=\(text.prefix(40)): expected one of \(names)")
        return .notice
    }

    mutating func check(_ holds: Bool, _ problem: @autoclosure () -> String) {
        if !holds { problems.append(problem()) }
    }

    /// With a key or an address of its own the endpoint, else the model that is installed beside the program: an address
    /// without a key is a local language model's, which need not know any embeddings.
    mutating func embedding() -> EmbeddingSettings {
        let key = text("EMBEDDING_API_KEY") ?? text("OPENAI_API_KEY")
        let own = url("EMBEDDING_BASE_URL")
        let base = own ?? url("OPENAI_BASE_URL")
        guard key != nil || own != nil || (base != nil && text("EMBEDDING_MODEL") != nil) else {
            check(
                text("EMBEDDING_MODEL") == nil,
                "EMBEDDING_MODEL is set without OPENAI_API_KEY, OPENAI_BASE_URL or EMBEDDING_BASE_URL: where is it?")
            return .embedded(folder: text("VIDSIFT_EMBEDDING_DIR") ?? InstalledTools.path("embedding"))
        }
        let model = text("EMBEDDING_MODEL") ?? "text-embedding-3-small"
        let asked = integer("EMBEDDING_DIMENSIONS", in: 1...8_192)
        let usual = EndpointEmbeddingModel.usualDimensions(of: model)
        let dimensions = asked ?? usual
        check(
            dimensions != nil,
            "EMBEDDING_MODEL=\(model.prefix(80)) is not one whose size is known: set EMBEDDING_DIMENSIONS, too")
        return .endpoint(
            baseURL: base ?? "https://api.openai.com/v1", apiKey: key.map { Secret($0) }, model: model,
            dimensions: dimensions ?? 0, requestsDimensions: usual != nil && dimensions != usual)
    }

    /// The endpoint of the language model; nil without a key and an address, and where it is switched off.
    mutating func chat() -> ChatSettings? {
        let key = text("OPENAI_API_KEY")
        let base = url("OPENAI_BASE_URL")
        let model = text("CHAT_MODEL")
        let context = integer("CHAT_CONTEXT_TOKENS", in: 1_024...10_000_000)
        guard key != nil || base != nil else {
            check(
                model == nil || model == ChatSettings.none,
                "CHAT_MODEL is set without OPENAI_API_KEY or OPENAI_BASE_URL: where is it?")
            return nil
        }
        guard model != ChatSettings.none else { return nil }
        return ChatSettings(
            baseURL: base ?? "https://api.openai.com/v1", apiKey: key.map { Secret($0) },
            model: model ?? "gpt-4o-mini", contextTokens: context ?? ChatSettings.usualContextTokens)
    }

    /// With an address of PostgreSQL that database, else a folder.
    ///
    /// - Parameter folder: the one that the command line names; it goes before everything else.
    mutating func storage(folder: String?) -> Storage {
        if let folder { return .folder(folder) }
        let connections = integer("DATABASE_POOL_SIZE", in: 2...200)
        let pooler = pooler()
        guard let url = text("DATABASE_URL") else {
            check(connections == nil, "DATABASE_POOL_SIZE is set without DATABASE_URL")
            check(text("DATABASE_POOLER") == nil, "DATABASE_POOLER is set without DATABASE_URL")
            return .folder(text("DATA_DIR") ?? "./data")
        }
        return .server(
            PostgresSettings(
                url: Secret(url), connections: connections ?? PostgresSettings.usualConnections, pooler: pooler))
    }

    private mutating func pooler() -> Pooler {
        guard let text = text("DATABASE_POOLER") else { return .automatic }
        if let pooler = Pooler(rawValue: text.lowercased()) { return pooler }
        let names = Pooler.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("DATABASE_POOLER=\(text.prefix(40)): expected one of \(names)")
        return .automatic
    }
}
