import Captions
import Foundation
import Testing

@testable import captions_fuzz

@Suite("Broken files")
struct FuzzTests {
    @Test("5,000 mutated files of each format keep every rule", arguments: CaptionFormat.allCases)
    func campaign(format: CaptionFormat) throws {
        var arguments = ["--format", format.rawValue, "--count", "5000", "--seed", "42"]
        if Fixtures.arePresent { arguments += ["--corpus", Fixtures.folder.appending(path: "caption_formats").path] }

        #expect(Campaign(try Options(arguments)).run())
    }
}
