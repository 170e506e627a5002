import Testing

@testable import VidSift

@Suite("Places of libraries") struct LibraryPlaceTests {
    @Test(
        "what could be an address is never taken for a folder, nor shown",
        arguments: [
            "postgres://u:hunter2@h/d", "postgresql://u:hunter2@h/d", "Postgres://u:hunter2@h/d",
            "postgres:/u:hunter2@h/d",
            "postgresql+x://u:hunter2@h/d", "mysql://u:hunter2@h/d", "password=hunter2 host=h", "application_name = x",
            " host=h password=hunter2", "PASSWORD=hunter2",
        ])
    func addresses(text: String) throws {
        let place = try LibraryPlace(text)
        let named = try LibraryPlace("env:PLACE", environment: ["PLACE": text])

        #expect(place.storage.folder == nil && LibraryPlace.isAddress(text))
        #expect(place.name == "the PostgreSQL database")
        #expect(named.storage == place.storage && named.name == "the PostgreSQL database of PLACE")
        #expect(!"\(place)".contains("hunter2"))
    }

    @Test(
        "a folder is a folder, whatever it is called",
        arguments: [
            "library", "/var/lib/vidsift", "./host=h", "../a b=c", "~/x", "postgres", "postgres-export", "a.b=c",
        ])
    func folders(text: String) throws {
        #expect(try LibraryPlace(text).storage == .folder(text))
        #expect(try LibraryPlace("env:PLACE", environment: ["PLACE": text]).storage == .folder(text))
    }

    @Test("a variable that is not set is named, and an address in its place is not repeated")
    func variables() async {
        for environment in [[:], ["PLACE": ""]] {
            #expect(
                await refusal { _ = try LibraryPlace("env:PLACE", environment: environment) }
                    == "The environment variable PLACE is not set.")
        }
        for text in ["env:postgres://u:hunter2@h/d", "env:"] {
            #expect(
                await refusal { _ = try LibraryPlace(text, environment: [:]) }
                    == "After env: comes the name of an environment variable.")
        }
    }
}
