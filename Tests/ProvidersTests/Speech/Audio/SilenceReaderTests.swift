import Testing

@testable import Providers

@Suite("What ffmpeg says of a file")
struct SilenceReaderTests {
    private static let written = """
        frame:89   pts:182272  pts_time:11.392
        lavfi.silence_start=11
        frame:109  pts:223232  pts_time:13.952
        lavfi.silence_end=14.0664
        lavfi.silence_duration=3.06644
        frame:417  pts:854016  pts_time:53.376
        lavfi.silence_start=53

        """

    @Test(
        "silences are read, in whatever pieces they come; the last one ends with the sound", arguments: [1, 3, 7, 1000])
    func silences(pieceBytes: Int) {
        var reader = SilenceReader()
        var rest = Array(Self.written.utf8)[...]
        while !rest.isEmpty {
            reader.append(rest.prefix(pieceBytes))
            rest = rest.dropFirst(pieceBytes)
        }
        #expect(reader.silences(until: .s(56)) == [.s(11, 14.066), .s(53, 56)])
        #expect(reader.silences(until: .s(12)) == [.s(11, 12)])
        #expect(reader.silences(until: .zero).isEmpty)
    }

    @Test("nonsense is passed over: no silence is negative, before another, or without an end")
    func nonsense() {
        let lines = [
            "lavfi.silence_end=3", "lavfi.silence_start=-0.01", "lavfi.silence_end=2", "lavfi.silence_start=nan",
            "lavfi.silence_start=1.5", "lavfi.silence_end=1", "lavfi.silence_start=5", "lavfi.silence_start=6",
            "lavfi.silence_end=7", String(repeating: "x", count: 5000) + "lavfi.silence_start=8",
            "lavfi.silence_start=",
        ]
        var reader = SilenceReader()
        reader.append(lines.map { $0 + "\n" }.joined().utf8)
        #expect(reader.silences(until: .s(100)) == [.s(0, 2), .s(6, 7)])
    }

    @Test("the length and the loudest sound are read from the end of what it says")
    func report() {
        let report = ScanReport(
            """
              Metadata:
                title           : size= time=99:99:99.00
            size=N/A time=00:00:12.00 bitrate=N/A speed=10x
            size=N/A time=03:00:56.05 bitrate=N/A speed=2.9e+03x
            video:0kB audio:1750kB subtitle:0kB other streams:0kB global headers:0kB muxing overhead: unknown
            [Parsed_volumedetect_0 @ 0x55b80c9ebb00] mean_volume: -18.0 dB
            [Parsed_volumedetect_0 @ 0x55b80c9ebb00] max_volume: -2.1 dB
            """)
        #expect(report.duration == .s(3 * 3600 + 56.05))
        #expect(report.peak == -2.1)
    }

    @Test(
        "where nothing was decoded there is no length",
        arguments: [
            "", "size=N/A time=N/A bitrate=N/A", "size=N/A time=00:00:00.00 bitrate=N/A",
            "size=N/A time=-577014:32:22.77 x",
        ])
    func nothing(errors: String) {
        #expect(ScanReport(errors) == ScanReport(""))
        #expect(ScanReport(errors).duration == nil && ScanReport("max_volume: -inf dB").peak == nil)
    }

    @Test("ffprobe's JSON says what kind of file it is; without sound, or without sense, it is an error")
    func probe() throws {
        let json =
            #"{"streams":[{"codec_type":"video"},{"codec_type":"audio"}],"format":{"format_name":"mov,mp4","duration":"12.500000"}}"#
        let probe = try AudioProbe(json: Array(json.utf8))
        #expect(probe.format == "mov,mp4" && probe.declaredDuration == .s(12.5) && probe.audioStreams == 1)
        let unknown = #"{"streams":[{"codec_type":"audio"}],"format":{"format_name":"mp3","duration":"N/A"}}"#
        #expect(try AudioProbe(json: Array(unknown.utf8)).declaredDuration == nil)
        let silent = #"{"streams":[{"codec_type":"video"}],"format":{"format_name":"mov"}}"#
        #expect(throws: AudioError.noAudio) { try AudioProbe(json: Array(silent.utf8)) }
        #expect(throws: AudioError.noAudio) { try AudioProbe(json: Array(#"{"format":{}}"#.utf8)) }
        let error = #expect(throws: AudioError.self) { try AudioProbe(json: Array("{}".utf8)) }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
