import Database
import Testing

@testable import VidSift

@Suite struct SettingsTests {
    @Test("nothing set: loopback, port 4000, ./data and the embedded model")
    func defaults() throws {
        let settings = try Settings.resolve(variables: [:])
        #expect(settings.host == "127.0.0.1" && settings.port == 4_000 && settings.storage == .folder("./data"))
        guard case .embedded = settings.embedding else { return #expect(Bool(false), "expected the embedded model") }
    }

    @Test("all that is wrong is said at once, by name")
    func problems() throws {
        do {
            _ = try Settings.resolve(variables: [
                "PORT": "http", "SEARCH_MEMORY_MB": "-1", "LOG_LEVEL": "loud", "HOST": "0.0.0.0",
                "OPENAI_BASE_URL": "ftp://x", "DATABASE_POOL_SIZE": "0", "DATABASE_POOLER": "big",
            ])
            Issue.record("the settings were taken")
        } catch let error as SettingsError {
            for name in [
                "PORT", "SEARCH_MEMORY_MB", "LOG_LEVEL", "HOST", "OPENAI_BASE_URL", "DATABASE_POOL_SIZE",
                "DATABASE_POOLER",
            ] {
                #expect(error.problems.contains { $0.hasPrefix(name) }, "\(name)")
            }
        }
    }

    @Test(
        "without a credential no address but loopback is listened on",
        arguments: [
            ("127.0.0.1", true), ("localhost", true), ("::1", true), ("127.8.9.1", true), ("0.0.0.0", false),
            ("192.168.0.1", false), ("::", false), ("example.org", false), ("127.0.0.1.example.org", false), ("", true),
        ])
    func loopback(host: String, isAllowed: Bool) {
        let settings = try? Settings.resolve(variables: ["HOST": host])
        #expect((settings != nil) == isAllowed)
    }

    @Test("DATABASE_URL selects PostgreSQL, unless the command line names a folder, and its password never shows")
    func database() throws {
        let variables = ["DATABASE_URL": "postgres://me:very-secret@db.example/x", "DATABASE_POOL_SIZE": "16"]
        let settings = try Settings.resolve(variables: variables)
        let folder = try Settings.resolve(variables: variables, .init(dataDirectory: "/tmp/library"))

        guard case .server(let server) = settings.storage else {
            return #expect(Bool(false), "expected PostgreSQL")
        }
        #expect(server.connections == 16 && server.pooler == .automatic)
        #expect(!"\(settings)".contains("very-secret") && !String(reflecting: settings).contains("very-secret"))
        #expect(folder.storage == .folder("/tmp/library"))
    }

    @Test("a key selects the endpoint, and never shows in a description")
    func endpoint() throws {
        let settings = try Settings.resolve(variables: ["OPENAI_API_KEY": "sk-very-secret"])
        guard case .endpoint(let url, _, let model, let dimensions, _) = settings.embedding else {
            return #expect(Bool(false), "expected the endpoint")
        }
        #expect(url == "https://api.openai.com/v1" && model == "text-embedding-3-small" && dimensions == 1_536)
        #expect(!"\(settings)".contains("sk-very-secret"))
    }

    @Test("without a key and an address there is no language model, and a model's name alone is an error")
    func noChat() throws {
        #expect(try Settings.resolve(variables: [:]).chat == nil)
        #expect(throws: SettingsError.self) { try Settings.resolve(variables: ["CHAT_MODEL": "gpt-4o-mini"]) }
        #expect(try Settings.resolve(variables: ["OPENAI_API_KEY": "k", "CHAT_MODEL": "none"]).chat == nil)
    }

    @Test("a key selects the usual language model, which never shows it")
    func chat() throws {
        let settings = try Settings.resolve(variables: ["OPENAI_API_KEY": "sk-very-secret"])
        let chat = try #require(settings.chat)
        #expect(chat.baseURL == "https://api.openai.com/v1" && chat.model == "gpt-4o-mini")
        #expect(chat.contextTokens == ChatSettings.usualContextTokens)
        #expect(!"\(settings)".contains("sk-very-secret"))
    }

    @Test("a local language model's address leaves the embeddings to the embedded model, unless it is named for them")
    func localChat() throws {
        let local = [
            "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1", "CHAT_MODEL": "llama3", "CHAT_CONTEXT_TOKENS": "4096",
        ]
        let settings = try Settings.resolve(variables: local)
        let named = try Settings.resolve(variables: local.merging(["EMBEDDING_MODEL": "nomic-embed-text"]) { $1 })
        let chat = try #require(settings.chat)
        #expect(chat.baseURL == "http://127.0.0.1:11434/v1" && chat.apiKey == nil && chat.contextTokens == 4_096)
        guard case .embedded = settings.embedding, case .endpoint(_, _, "nomic-embed-text", 768, _) = named.embedding
        else { return #expect(Bool(false), "expected the embedded model, then the endpoint") }
    }

    @Test("an unknown model wants its dimensions, and its own endpoint may have another key")
    func unknownModel() throws {
        #expect(throws: SettingsError.self) {
            _ = try Settings.resolve(variables: ["EMBEDDING_BASE_URL": "http://127.0.0.1:1/v1", "EMBEDDING_MODEL": "x"])
        }
        let settings = try Settings.resolve(variables: [
            "EMBEDDING_BASE_URL": "http://127.0.0.1:1/v1/", "EMBEDDING_MODEL": "x", "EMBEDDING_DIMENSIONS": "768",
        ])
        guard case .endpoint(let url, let key, _, let dimensions, let requested) = settings.embedding else {
            return #expect(Bool(false), "expected the endpoint")
        }
        #expect(url == "http://127.0.0.1:1/v1" && key == nil && dimensions == 768)
        #expect(!requested, "what can't shorten its vectors may refuse to be asked")
    }

    @Test(
        "a model that can shorten its vectors is asked to, only where they are to be shorter",
        arguments: [
            ("512", true), ("1536", false),
        ])
    func shorterVectors(dimensions: String, asks: Bool) throws {
        let settings = try Settings.resolve(variables: ["OPENAI_API_KEY": "k", "EMBEDDING_DIMENSIONS": dimensions])
        guard case .endpoint(_, _, _, _, let requested) = settings.embedding else {
            return #expect(Bool(false), "expected the endpoint")
        }
        #expect(requested == asks)
    }
}
