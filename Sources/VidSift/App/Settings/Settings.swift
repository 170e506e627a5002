internal import Configuration
package import Logging
package import Providers
internal import SystemPackage

/// All that can be set from outside, checked: a wrong value never gets past the start.
package struct Settings: Sendable {
    package var host: String
    package var port: Int
    package var storage: Storage
    /// The address that links to our own pages begin with.
    package var publicURL: String
    /// Origins of web pages that may call the API, besides the program's own.
    package var allowedOrigins: [String]
    package var searchMemoryBytes: Int
    package var maximumUploadBytes: Int
    package var captionLanguages: [String]
    package var embedding: EmbeddingSettings
    /// The language model; nil: answers are quotes.
    package var chat: ChatSettings?
    package var youtube: YouTubeSettings
    package var notices: NoticeSettings
    /// What listens to videos without captions; nil: nothing does.
    package var transcription: EndpointTranscriptionModel.Configuration?
    /// How many videos one worker indexes at a time.
    package var workers: Int
    package var logLevel: Logger.Level
}

/// Where vectors come from.
package enum EmbeddingSettings: Sendable {
    /// The model in this folder, in process; words alone where it is missing.
    case embedded(folder: String)
    /// An OpenAI-compatible endpoint.
    case endpoint(baseURL: String, apiKey: Secret?, model: String, dimensions: Int, requestsDimensions: Bool)
}

/// Everything that is wrong with the settings, in one list.
package struct SettingsError: Error, CustomStringConvertible {
    package var problems: [String]

    package var description: String {
        "The settings can't be used:\n" + problems.map { "  * \($0)" }.joined(separator: "\n")
    }
}

extension Settings {
    /// What the command line says; it goes before the environment.
    package struct Overrides: Sendable {
        package var host: String?
        package var port: Int?
        /// A library in a folder, whatever DATABASE_URL says.
        package var dataDirectory: String?

        package init(host: String? = nil, port: Int? = nil, dataDirectory: String? = nil) {
            self.host = host
            self.port = port
            self.dataDirectory = dataDirectory
        }
    }

    /// Reads the environment, then `.env` in the current folder.
    ///
    /// - Throws: `SettingsError` with all that is wrong.
    package static func load(_ overrides: Overrides = Overrides()) async throws -> Settings {
        let environment = EnvironmentVariablesProvider()
        guard let file = try? await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true) else {
            throw SettingsError(problems: [".env can't be read: expected lines of the form NAME=value"])
        }
        return try resolve(ConfigReader(providers: [environment, file]), overrides)
    }

    /// Settings from a list of variables, as tests use them.
    package static func resolve(variables: [String: String], _ overrides: Overrides = .init()) throws -> Settings {
        try resolve(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)), overrides)
    }

    private static func resolve(_ reader: ConfigReader, _ overrides: Overrides) throws -> Settings {
        var variables = SettingsReader(reader)
        let host = overrides.host ?? variables.text("HOST") ?? "127.0.0.1"
        let port = overrides.port ?? variables.integer("PORT", in: 0...65_535) ?? 4_000
        let publicURL = variables.url("APP_URL") ?? "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        let settings = Settings(
            host: host, port: port,
            storage: variables.storage(folder: overrides.dataDirectory),
            publicURL: publicURL,
            allowedOrigins: variables.list("ALLOWED_ORIGINS"),
            searchMemoryBytes: (variables.integer("SEARCH_MEMORY_MB", in: 1...1_048_576) ?? 512) << 20,
            maximumUploadBytes: (variables.integer("MAX_UPLOAD_MB", in: 1...64) ?? 64) << 20,
            captionLanguages: variables.nonEmptyList("CAPTION_LANGUAGES") ?? ["en"],
            embedding: variables.embedding(),
            chat: variables.chat(),
            youtube: variables.youTube(),
            notices: variables.notices(pageBase: publicURL),
            transcription: variables.transcription(),
            workers: variables.integer("WORKERS", in: 1...64) ?? 2,
            logLevel: variables.logLevel())
        variables.check(!settings.listensBeyondLoopback, isLoopbackProblem(host))
        guard variables.problems.isEmpty else { throw SettingsError(problems: variables.problems) }
        return settings
    }

    /// Whether others than this machine could connect.
    package var listensBeyondLoopback: Bool { !LoopbackAddress.isLoopback(host) }

    private static func isLoopbackProblem(_ host: String) -> String {
        """
        HOST=\(host): no credential is configured, so the server listens on this machine only \
        (HOST=127.0.0.1, ::1 or localhost). This version has no sign-in yet: put a proxy that signs people in before it
        """
    }
}

/// Which names mean this very machine.
enum LoopbackAddress {
    static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "::1" || name == "[::1]" { return true }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
    }
}
