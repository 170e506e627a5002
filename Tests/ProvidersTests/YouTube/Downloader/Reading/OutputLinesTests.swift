import Testing

@testable import Providers

@Suite("Output, line by line")
struct OutputLinesTests {
    @Test("lines are whole, however the output is cut", arguments: 1...9)
    func anyCut(_ size: Int) throws {
        let text = Array("{\"a\":1}\n\nzwei ö\r\n3\nthe last".utf8)
        var splitter = LineSplitter(limit: 100)
        var lines: [String] = []
        for start in stride(from: 0, to: text.count, by: size) {
            let piece = text[start..<min(start + size, text.count)]
            lines += try splitter.take(piece).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines == ["{\"a\":1}", "zwei ö", "3"])
        #expect(splitter.finish().map { String(decoding: $0, as: UTF8.self) } == "the last")
        #expect(splitter.finish() == nil)
    }

    @Test("a line beyond the limit is an error, and is not kept")
    func tooLong() throws {
        var splitter = LineSplitter(limit: 10)
        #expect(try splitter.take(Array("0123456789\n".utf8)[...]).count == 1)
        #expect(throws: YtDlpError.self) { try splitter.take(Array("0123456789a".utf8)[...]) }
    }

    private func line(_ text: String) -> DownloadLine { DownloadLine(Array(text.utf8)[...]) }

    @Test("progress")
    func progress() {
        let known = line(#"{"downloaded_bytes": 1024, "total_bytes": 300000, "status": "downloading"}"#)
        #expect(known == .progress(DownloadProgress(bytes: 1024, totalBytes: 300_000)))
        let guessed = line(#"{"downloaded_bytes": 1, "total_bytes": null, "total_bytes_estimate": 5000.7}"#)
        #expect(guessed == .progress(DownloadProgress(bytes: 1, totalBytes: 5000)))
        let unknown = line(#"{"downloaded_bytes": 7, "status": "downloading"}"#)
        #expect(unknown == .progress(DownloadProgress(bytes: 7, totalBytes: nil)))
        let odd = line(#"{"downloaded_bytes": -7, "total_bytes": 1e300}"#)
        #expect(odd == .progress(DownloadProgress(bytes: 0, totalBytes: nil)))
    }

    @Test("the file, and everything else")
    func others() {
        let file = line(#"{"filepath": "/x/audio.webm", "ext": "webm", "acodec": "opus", "language": "en"}"#)
        #expect(file == .file(DownloadLine.File(path: "/x/audio.webm", codec: "opus", language: "en")))
        #expect(line("[download] Destination: audio.webm") == .message("[download] Destination: audio.webm"))
        #expect(line("{not JSON") == .message("{not JSON"))
    }

    @Test("more than the limit is an error as soon as it is there")
    func limit() throws {
        try line(#"{"downloaded_bytes": 100}"#).check(maximumBytes: 100)
        #expect { try line(#"{"downloaded_bytes": 101}"#).check(maximumBytes: 100) } throws: {
            ($0 as? YtDlpError)?.kind == .tooLarge
        }
    }
}
