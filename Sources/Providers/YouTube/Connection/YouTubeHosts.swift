/// The one place that says which hosts are YouTube's: which may stand in a pasted link, and which are contacted.
///
/// No address that a person pasted is ever contacted: links are read down to ids (``YouTubeLink``), and the clients
/// build their own addresses of them. This is checked again before each request; redirects are followed nowhere.
struct YouTubeHosts: Sendable, Equatable {
    /// What kind of pages a host has.
    enum Site: Sendable, Equatable {
        case pages
        /// youtu.be: a video's id is the whole path.
        case short
        /// The question for consent that YouTube puts before its pages in some countries.
        case consent
    }

    /// Nil for every host that is not YouTube's.
    ///
    /// - Parameter host: In small letters.
    static func site(of host: String) -> Site? { sites[host] }

    private static let sites: [String: Site] = [
        "youtube.com": .pages, "www.youtube.com": .pages, "m.youtube.com": .pages, "music.youtube.com": .pages,
        "gaming.youtube.com": .pages, "youtube-nocookie.com": .pages, "www.youtube-nocookie.com": .pages,
        "youtu.be": .short, "www.youtu.be": .short, "consent.youtube.com": .consent,
    ]

    /// A scheme, host and port that may be contacted.
    private struct Origin: Hashable {
        var scheme: String
        var host: String
        var port: Int?

        init(_ address: WebAddress) {
            scheme = address.scheme
            host = address.host
            port = address.port
        }

        init(https host: String) {
            scheme = "https"
            self.host = host
        }
    }

    private var origins: Set<Origin>

    /// The hosts of YouTube's feeds and of the Data API.
    static let official = YouTubeHosts(origins: [
        Origin(https: "www.youtube.com"), Origin(https: "www.googleapis.com"), Origin(https: "youtube.googleapis.com"),
    ])

    /// Only where the owner of this program has configured a client to go: a base URL replaces YouTube's own hosts. Nil
    /// where it is no http address.
    init?(configured baseURL: String) {
        guard PastedText.forbidden(in: baseURL) == nil, let address = try? WebAddress(baseURL), address.query.isEmpty,
            address.fragment.isEmpty
        else { return nil }
        origins = [Origin(address)]
    }

    private init(origins: Set<Origin>) { self.origins = origins }

    /// Whether a request may be sent to `url`.
    func allow(_ url: String) -> Bool {
        guard PastedText.forbidden(in: url) == nil, let address = try? WebAddress(url) else { return false }
        return origins.contains(Origin(address))
    }
}
