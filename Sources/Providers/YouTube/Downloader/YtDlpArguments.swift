/// The arguments that yt-dlp is given.
enum YtDlpArguments {
    /// Seconds without a byte, after which a connection is given up.
    private static let socketTimeout = "20"
    /// How often yt-dlp itself tries again at once; everything beyond is for whoever asks.
    private static let retries = "1"

    /// What all runs have: nothing of the user's own settings, plugins or caches; the first error ends it.
    static let common = [
        "--ignore-config", "--no-plugin-dirs", "--no-cache-dir", "--abort-on-error", "--color", "never",
        "--encoding", "utf-8", "--no-playlist", "--socket-timeout", socketTimeout, "--retries", retries,
        "--extractor-retries", retries, "--fragment-retries", retries, "--file-access-retries", retries,
    ]

    /// A video's description. Where nothing can be played there is one, too: captions may be there all the same.
    /// (`--write-subs` writes nothing in a run like this; it makes yt-dlp say when captions are withheld.)
    static let information = ["--skip-download", "--dump-json", "--ignore-no-formats-error", "--write-subs"]

    /// The progress of a download as lines of JSON, a few a second.
    static let progress = [
        "--newline", "--progress", "--progress-delta", "0.2", "--progress-template",
        "download:%(progress.{downloaded_bytes,total_bytes,total_bytes_estimate,status})j",
    ]

    /// The one caption track of a description that is read from a file, as `captions.…` in the working folder.
    static func captions(description: String) -> [String] {
        [
            "--load-info-json", description, "--skip-download", "--ignore-no-formats-error", "--write-subs",
            "--sub-langs", "all", "--output", "captions.%(ext)s",
        ] + progress
    }

    /// The entries of a list, one line each, as soon as they are known.
    static func list(maximum: Int) -> [String] {
        ["--flat-playlist", "--lazy-playlist", "--yes-playlist", "--dump-json", "--playlist-end", "\(max(maximum, 1))"]
    }

    /// What a list is, without its entries.
    static let description = ["--flat-playlist", "--yes-playlist", "--dump-single-json", "--playlist-items", "0"]

    /// The best sound, named `audio.…` in the working folder; the last line of output is where it is.
    static func audio(maximumBytes: Int) -> [String] {
        [
            "--format", "bestaudio/best", "--fixup", "never", "--match-filters", "!is_live", "--max-filesize",
            "\(maximumBytes)", "--output", "audio.%(ext)s", "--no-mtime", "--no-quiet", "--no-simulate", "--print",
            "after_move:%(.{filepath,ext,acodec,language,duration})j",
        ] + progress
    }

    /// Everything in its order: the address comes behind `--`, where it can't be taken for an option.
    static func all(_ options: [String], _ folder: YtDlpFolder, _ address: String?) -> [String] {
        common + folder.options + options + (address.map { ["--", $0] } ?? [])
    }
}
