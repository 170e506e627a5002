import Foundation
import Testing

@testable import Providers

@Suite("yt-dlp's version")
struct YtDlpVersionTests {
    @Test(
        "what it prints",
        arguments: [
            ("2026.10.26\n", "2026.10.26"), ("2025.1.2", "2025.01.02"), ("2025.11.12.1", "2025.11.12.1"),
            ("2026.03.03.162408", "2026.03.03.162408"),
        ])
    func read(_ text: String, description: String) {
        #expect(YtDlpVersion(text)?.description == description)
    }

    @Test(
        "what is no version",
        arguments: ["", "yt-dlp", "2026", "2026.10", "2026.13.01", "1.2.3", "2026.10.26-rc", "2026..1"])
    func unread(_ text: String) {
        #expect(YtDlpVersion(text) == nil)
    }

    @Test("later is greater")
    func order() throws {
        let texts = ["2024.12.31", "2025.11.11", "2025.11.12", "2025.11.12.1", "2025.11.12.162408", "2026.1.1"]
        let versions = try texts.map { try #require(YtDlpVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(versions.filter { $0 >= .minimum }.count == 4)
    }

    @Test("after ninety days a newer one must be there")
    func outdated() throws {
        let version = try #require(YtDlpVersion("2026.10.26"))
        let released = Date(timeIntervalSince1970: 1_792_972_800)
        #expect(!version.isOutdated(on: released + 89 * 86_400))
        #expect(version.isOutdated(on: released + 91 * 86_400))
    }
}
