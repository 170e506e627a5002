extension YtDlpError.Kind {
    /// What is said to people where nothing more is known.
    var words: String {
        switch self {
        case .notFound: "YouTube has nothing at this address."
        case .unavailable: "YouTube says that this is unavailable, and not why."
        case .privateVideo: "This is private: only people whom its owner has invited can see it."
        case .removed: "This has been removed from YouTube."
        case .accountTerminated: "The account behind this has been closed."
        case .membersOnly: "Only paying members of the channel can see this."
        case .ageRestricted: "YouTube shows this to signed-in adults only."
        case .notInCountry: "This may not be seen in the country that this server is in."
        case .paymentRequired: "This has to be paid for."
        case .copyProtected: "This is copy-protected."
        case .tooLarge: "This is larger than the limit."
        case .emptyList: "There is nothing in this list."
        case .upcoming: "This has not begun yet."
        case .live: "This is being broadcast just now; it can be had when it has ended."
        case .recordingPending: "The broadcast has ended, and YouTube has not made its recording ready yet."
        case .noCaptions: "This video has no captions in a language that is asked for."
        case .captionsWithheld: "YouTube has captions for this video, but does not hand them to this server just now."
        case .captionsEmpty: "YouTube sent empty captions."
        case .captionsDamaged: "The captions came damaged or cut short."
        case .consent: "YouTube asked for consent to cookies instead of sending what was asked for."
        case .network: "YouTube could not be reached."
        case .timeout: "YouTube took too long to answer."
        case .serverError: "YouTube had an error of its own."
        case .refused: "YouTube refused this request."
        case .rateLimited: "YouTube wants fewer requests from this server for a while."
        case .botCheck: "YouTube takes this server for a robot and wants a sign-in."
        case .proxy: "The proxy for YouTube does not work; see its address, name and password."
        case .cookies: "The cookies for YouTube are no longer valid, or not readable; export them anew."
        case .storage: "There is no room, or no permission, to write temporary files."
        case .ffmpegMissing: "ffmpeg is needed for this and is not installed."
        case .noFormats:
            "yt-dlp found nothing in it to download. It may need a JavaScript engine (deno), or to be updated."
        case .toolMissing:
            "yt-dlp is not there. Install it (python3 -m pip install \"yt-dlp[default]\"), or say where it is "
                + "with YTDLP_PATH."
        case .toolOld: "yt-dlp is too old for YouTube as it is today; update it."
        case .toolCrashed: "yt-dlp failed in a way that it should not; see whether it runs by hand."
        case .unrecognised: "yt-dlp could not get this; the log has what it said."
        }
    }
}
