import NIOCore
import Testing

@testable import VidSift

@Suite("A form with a file")
struct MultipartFormTests {
    @Test("is taken apart: fields, names, contents byte by byte")
    func wellFormed() throws {
        let binary = "\u{0}\r\n--bound \r\r\n\n--"
        let form = try read(
            "--xyz\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nRye\r\n"
                + "--xyz\r\nContent-Type: text/vtt\r\ncontent-disposition: form-data; filename=\"a.vtt\"; name=file\r\n\r\n"
                + binary + "\r\n--xyz--\r\nepilogue", boundary: "xyz")
        #expect(form.parts.map(\.name) == ["title", "file"])
        #expect(try form.text("title") == "Rye")
        #expect(form.part("file")?.fileName == "a.vtt")
        #expect(form.part("file").map { String(buffer: $0.content) } == binary)
        #expect(try form.text("language") == nil)
    }

    @Test("may begin with a preamble, have spaces behind a boundary, and empty contents")
    func allowed() throws {
        let form = try read(
            "preamble\r\n--b  \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b--", boundary: "b")
        #expect(form.parts.count == 1)
        #expect(form.part("a")?.content.readableBytes == 0)
        #expect(try read("--b--", boundary: "b").parts.isEmpty)
    }

    @Test(
        "what is malformed is refused",
        arguments: [
            "", "nothing", "x--b\r\n", "--b", "--b\r\n",
            "--bb\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nno end",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nend\r\n--b",
            "--b\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--b--",
            "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--",
            "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--",
        ])
    func malformed(body: String) {
        #expect {
            try read(body, boundary: "b")
        } throws: { error in
            guard case .malformed = error as? MultipartError else { return false }
            return true
        }
    }

    @Test("its limits hold")
    func limits() throws {
        let part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n"
        let most = String(repeating: part, count: MultipartForm.maximumParts)
        #expect(try read(most + "--b--", boundary: "b").parts.count == MultipartForm.maximumParts)
        #expect(throws: MultipartError.tooManyParts) { try read(most + part + "--b--", boundary: "b") }
        let huge = "--b\r\nX: " + String(repeating: "h", count: MultipartForm.maximumHeaderBytes) + "\r\n\r\nx\r\n--b--"
        #expect(throws: MultipartError.headersTooLarge) { try read(huge, boundary: "b") }
        let long = String(repeating: "t", count: MultipartForm.maximumFieldBytes + 1)
        let form = try read("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\(long)\r\n--b--", boundary: "b")
        #expect(throws: MultipartError.fieldTooLarge("a")) { try form.text("a") }
    }

    @Test(
        "the content type names the boundary",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"),
            ("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", "a b"),
            ("multipart/form-data;boundary=abc; x", "abc"),
        ])
    func boundary(contentType: String, boundary: String) throws {
        #expect(try MultipartForm.boundary(of: contentType) == boundary)
    }

    @Test("a content type without a usable boundary is refused")
    func noBoundary() {
        #expect(throws: MultipartError.notMultipart) { try MultipartForm.boundary(of: nil) }
        #expect(throws: MultipartError.notMultipart) { try MultipartForm.boundary(of: "text/vtt") }
        #expect(throws: MultipartError.noBoundary) { try MultipartForm.boundary(of: "multipart/form-data") }
        #expect(throws: MultipartError.noBoundary) { try MultipartForm.boundary(of: "multipart/form-data; boundary=") }
        let long = String(repeating: "b", count: MultipartForm.maximumBoundaryBytes + 1)
        #expect(throws: MultipartError.noBoundary) {
            try MultipartForm.boundary(of: "multipart/form-data; boundary=\(long)")
        }
    }

    @Test(
        "of a file's name only the last component is used, in whatever way it is written",
        arguments: [
            (#"filename="a.vtt""#, "a.vtt"), (#"filename=a.vtt"#, "a.vtt"),
            (#"filename="../../etc/passwd.vtt""#, "passwd.vtt"), (#"filename="/root/a.vtt""#, "a.vtt"),
            (#"filename="C:\\talks\\a.vtt""#, "a.vtt"), (#"filename="C:\talks\a.vtt""#, "a.vtt"),
            (#"filename="say \"hi\".vtt""#, #"say "hi".vtt"#),
            (#"filename="say %22hi%22; b.vtt""#, #"say "hi"; b.vtt"#),
            (#"filename="Brot – für alle 🍞.vtt""#, "Brot – für alle 🍞.vtt"),
            (#"filename="x.vtt"; filename*=UTF-8''na%C3%AFve%2Fb.vtt"#, "b.vtt"),
            ("filename=\"a\u{1}\u{7F}b.vtt\"", "ab.vtt"), (#"filename="unended.vtt"#, "unended.vtt"),
        ])
    func fileNames(parameter: String, name: String) throws {
        let form = try read(
            "--b\r\nContent-Disposition: form-data; name=file; \(parameter)\r\n\r\nx\r\n--b--", boundary: "b")
        #expect(form.part("file")?.fileName == name)
    }

    @Test(
        "a name that can't be a file's is none",
        arguments: ["", ".", "..", "a/", "/", "\\", String(repeating: "n", count: 256)])
    func noFileName(name: String) {
        #expect(ContentDisposition.lastComponent(of: name) == nil)
    }

    @discardableResult
    private func read(_ body: String, boundary: String) throws -> MultipartForm {
        try MultipartForm(ByteBuffer(string: body), boundary: boundary)
    }
}
