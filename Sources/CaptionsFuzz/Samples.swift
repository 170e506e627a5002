import Captions

/// Small files of every format, for mutation when no corpus is given.
enum Samples {
    static func texts(_ format: CaptionFormat) -> [String] {
        switch format {
        case .webVTT: webVTT
        case .subRip: subRip
        case .json3: json3
        case .srv1:
            [
                "<?xml version=\"1.0\"?><transcript><text start=\"0.16\" dur=\"4.3\">they&amp;#39;re here</text></transcript>"
            ]
        case .srv2:
            ["<timedtext><text t=\"160\" d=\"4320\">one</text><text t=\"9\" d=\"2\" append=\"1\">\n</text></timedtext>"]
        case .srv3:
            [
                "<timedtext format=\"3\"><body><p t=\"1\" d=\"5\" w=\"1\"><s>a</s><s t=\"2\"> b</s></p>"
                    + "<p t=\"3\" d=\"4\" a=\"1\">\n</p><p t=\"4\" d=\"90\">c &lt;d&gt;</p></body></timedtext>"
            ]
        case .ttml:
            [
                "<tt xml:lang=\"en\" ttp:frameRate=\"25\"><head><ttm:title>T</ttm:title></head><body><div begin=\"1s\">"
                    + "<p begin=\"00:00:01:05\" end=\"3.5s\">a<br/>b <span begin=\"2s\" end=\"3s\">c</span></p>"
                    + "<p dur=\"10f\">d</p></div></body></tt>"
            ]
        case .sbv: ["0:00:00.378,0:00:11.378\nOne[br]two\n\n0:00:11.378,0:00:12.305\n- Three\n"]
        case .lrc: ["[ti:Song]\n[offset:+100]\n[00:01.00][00:09.50]la <00:01.20>la <00:01.50>la\n[00:12.00]\n"]
        case .text:
            [
                "# Title\n\n**Ann Lee:** \\[00:05\\] Hello *there*, see [a link](http://x).\n\nMore.\n\n## Part\n[1:02] bye\n",
                "0:05 one\n0:09\ntwo\n(1:10) three [0:20 - 0:30] four\n",
            ]
        }
    }

    private static let webVTT = [
        """
        WEBVTT - Title
        Kind: captions
        Language: en

        NOTE a comment

        1
        00:00:03.170 --> 00:00:07.519 align:start position:0%
        good<00:00:04.170><c> to</c><c.colorE5E5E5><00:00:04.259><c> be</c></c>

        00:00:07.519 --> 00:00:07.529
        good to<c.colorE5E5E5> be</c>
         

        00:00:07.529 --> 00:00:09.000
        good to<c.colorE5E5E5> be</c>
        here<00:00:08.000><c> now</c>

        00:00:09.000 --> 99:59:59.999
        <v John Smith>R&amp;D &gt;&gt; ALICE: [Music] (Applause) ♪ la ♪
        """
    ]

    private static let subRip = [
        """
        1
        00:00:00,500 --> 00:00:07,000
        {\\an8}<font color="#ff00ff">Musique</font> &lt; 3

        2
        3,900 --> 4,500
        - Hello
        - Hi

        3
        27:00:00,000 --> 00:00:01
        Late
        """
    ]

    private static let json3 = [
        """
        {"wireMagic":"pb3","events":[{"tStartMs":0,"dDurationMs":9,"id":1},{"tStartMs":160,"dDurationMs":4320,"segs":[\
        {"utf8":"D\\u00e9","acAsrConf":0},{"utf8":" are","tOffsetMs":559}]},{"tStartMs":2230,"dDurationMs":2,"aAppend":1,\
        "segs":[{"utf8":"\\n"}]},{"tStartMs":2240,"segs":[{"utf8":"\\ud83d\\ude00 [Music]"}]}]}
        """
    ]

    /// Pieces that parsers look for.
    static let tokens: [String] = [
        " --> ", "-->", "00:00:01.000", "99:59:59.999", "-1", "<", ">", "</", "<c>", "<v A>", "<00:00:01.000>", "&",
        "&amp;",
        "&#0;", "&#x110000;", "&lt;", "\n", "\r", "\r\n", "\n\n", "WEBVTT", "NOTE", "STYLE", "[", "]", "(", ")",
        "[1:23]",
        "\\[", "**", "**A:** ", ">> ", "- ", "A:", "{", "}", "{\\an8}", "\"", "\\", "\\u", "\\ud800", ":", ",",
        "\"events\":[",
        "\"segs\":[", "\"utf8\":\"", "\"tStartMs\":", "<p t=\"1\" d=\"1\">", "</p>", "<s t=\"9\">", "<text t=\"",
        "begin=\"",
        "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a [", "<?", "\u{FEFF}", "\u{200B}", "♪", "♪ ♪", "[br]", "[ti:",
        "9999999999999",
        "1e400", "0x", "\u{0}", "é", "日本", "# ", "0:05 ", "](",
    ]
}
