import Foundation

/// A shell script in the place of yt-dlp, which tells of one channel and of some videos, and contacts nobody.
struct FakeDownloader {
    static let channel = "UCYO_jab_esuFRV4b17AJtAw"
    static let video = "dQw4w9WgXcQ"

    private let vidsift: Vidsift
    private let folder = "yt-dlp"

    /// - Parameter engines: the JavaScript engines that it says it has.
    init(in vidsift: Vidsift, engines: String = "deno-2.5.6") throws {
        self.vidsift = vidsift
        let path = try vidsift.write(Self.script(engines), to: "\(folder)/yt-dlp")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        try vidsift.writeCaptions(Vidsift.bread, to: "\(folder)/captions.vtt")
        try write(["channel_id": Self.channel, "channel": "Bread", "uploader_id": "@bread"], to: "channel.json")
    }

    /// What makes the program use it, with a budget that no test uses up.
    var environment: [String: String] {
        [
            "YTDLP_PATH": vidsift.folder.appending(path: "\(folder)/yt-dlp").path, "YOUTUBE_SPACING_MS": "0",
            "YOUTUBE_REQUESTS_PER_HOUR": "1000000",
        ]
    }

    /// The same before a command of a shell.
    var assignments: String {
        environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    }

    func add(_ id: String, title: String, _ more: [String: Any] = [:], hasCaptions: Bool = true) throws {
        let link = ["ext": "vtt", "url": "https://www.youtube.com/api/timedtext?v=\(id)&lang=en"]
        let description: [String: Any] = [
            "id": id, "title": title, "duration": 25, "formats": [["acodec": "opus"]],
            "subtitles": hasCaptions ? ["en": [link]] : [:],
        ]
        try write(description.merging(more) { $1 }, to: "\(id).json")
    }

    /// Has a video fail with an error in yt-dlp's words.
    func fail(_ id: String, _ words: String) throws {
        try vidsift.write("ERROR: [youtube] \(id): \(words)\n", to: "\(folder)/\(id).error")
    }

    /// Makes the list of the channel, the newest first.
    func list(_ ids: [String]) throws {
        let lines = try ids.map { id in
            let entry = ["id": id, "title": "Talk \(id)", "url": "https://www.youtube.com/watch?v=\(id)"]
            return String(decoding: try JSONSerialization.data(withJSONObject: entry), as: UTF8.self) + "\n"
        }
        try vidsift.write(lines.joined(), to: "\(folder)/list.jsonl")
    }

    private func write(_ object: [String: Any], to name: String) throws {
        try vidsift.write(try JSONSerialization.data(withJSONObject: object), to: "\(folder)/\(name)")
    }

    private static func script(_ engines: String) -> String {
        let version = Date.now.formatted(Date.ISO8601FormatStyle().year().month().day()).replacing("-", with: ".")
        return """
            #!/bin/sh
            here="$(dirname "$0")"
            for last; do :; done
            id="${last##*v=}"
            case " $* " in
            *" --version "*) echo \(version) ;;
            *" --load-info-json "*) cp "$here/captions.vtt" captions.track.vtt ;;
            *" --dump-single-json "*) cat "$here/channel.json" ;;
            *" --flat-playlist "*) cat "$here/list.jsonl" ;;
            *" --dump-json "*)
                if [ -e "$here/$id.error" ]; then cat "$here/$id.error" >&2; exit 1; fi
                cat "$here/$id.json" ;;
            *" --verbose "*)
                echo "[debug] JS runtimes: \(engines)" >&2
                echo "[debug] Optional libraries: yt_dlp_ejs-0.3.1" >&2
                exit 2 ;;
            *) echo "ERROR: not expected: $*" >&2; exit 2 ;;
            esac

            """
    }
}
