import Testing

@testable import VidSift

@Suite struct IdentifierTests {
    @Test("ids sort in the order in which they were made, and none is made twice")
    func order() {
        let ids = (0..<10_000).map { _ in VideoID() }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
    }

    @Test("an id is a version 7 UUID in small letters")
    func version() {
        let text = VideoID().description
        #expect(text.count == 36 && text == text.lowercased())
        #expect(text.dropFirst(14).first == "7")
        #expect(VideoID(text.uppercased())?.description == text)
        #expect(VideoID("not-an-id") == nil)
    }
}
