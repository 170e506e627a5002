import Foundation
import Testing

@testable import Providers

@Suite("What yt-dlp has at hand")
struct YtDlpEquipmentTests {
    private let released = Date(timeIntervalSince1970: 1_792_972_800)

    private func equipment(_ report: String) throws -> YtDlpEquipment {
        YtDlpEquipment(version: try #require(YtDlpVersion("2026.10.26")), report: report)
    }

    @Test("is complete with an engine and its scripts")
    func complete() throws {
        let found = try equipment(
            """
            [debug] yt-dlp version stable@2026.10.26 from yt-dlp/yt-dlp [c91f8de0b] (pip)
            [debug] Optional libraries: certifi-2026.05.20, requests-2.34.2, yt_dlp_ejs-0.3.1
            [debug] JS runtimes: deno-2.5.6
            """)
        #expect(found.engines == ["deno-2.5.6"] && found.hasScripts == true)
        #expect(found.complaints(on: released) == [])
    }

    @Test(
        "is of little use without an engine that it knows",
        arguments: ["none", "none (disabled)", "deno-1.46.0 (unsupported)", "bun (unknown)"])
    func noEngine(_ text: String) throws {
        let found = try equipment("[debug] Optional libraries: yt_dlp_ejs-0.3.1\n[debug] JS runtimes: \(text)\n")
        #expect(found.engines == [])
        let complaints = found.complaints(on: released)
        #expect(complaints.count == 1 && complaints[0].contains("deno"))
    }

    @Test("may be old, and lack everything")
    func old() throws {
        let found = try equipment("[debug] Optional libraries: none\r\n[debug] JS runtimes: none\r\n")
        #expect(found.hasScripts == false)
        let complaints = found.complaints(on: released + 91 * 86_400)
        #expect(complaints.count == 3 && complaints[0].contains("2026.10.26"))
    }

    @Test("is not complained about where yt-dlp does not say", arguments: ["", "[debug] JS engines: none"])
    func unsaid(_ report: String) throws {
        let found = try equipment(report)
        #expect(found == YtDlpEquipment(version: found.version))
        #expect(found.complaints(on: released) == [])
    }
}
