internal import Foundation
internal import Providers

/// What is to be added: files, and links to YouTube.
struct AddedThings: Sendable {
    /// A link as it was typed, and what it leads to.
    struct Link: Sendable {
        var text: String
        var target: Result<YouTubeLink, YouTubeLinkError>
    }

    private(set) var paths: [String] = []
    private(set) var links: [Link] = []

    /// What is there as a file or folder is meant, else a link where it is one; the rest are files that are missing.
    init(_ arguments: [String]) {
        for argument in arguments {
            if let link = Self.link(argument) { links.append(link) } else { paths.append(argument) }
        }
    }

    private static func link(_ text: String) -> Link? {
        guard !FileManager.default.fileExists(atPath: text) else { return nil }
        do {
            return Link(text: text, target: .success(try YouTubeLink(text)))
        } catch {
            return looksLikeLink(text) ? Link(text: text, target: .failure(error)) : nil
        }
    }

    private static func looksLikeLink(_ text: String) -> Bool {
        text.contains("://") || ["@", "www.", "youtu"].contains { text.lowercased().hasPrefix($0) }
    }
}

extension AddedThings.Link {
    /// A channel or list that is known already.
    init(text: String, youtubeID: String) {
        self.text = text
        do {
            target = .success(try YouTubeLink(youtubeID))
        } catch {
            target = .failure(error)
        }
    }
}
