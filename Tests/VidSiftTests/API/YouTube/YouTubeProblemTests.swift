import Foundation
import Hummingbird
import Providers
import Testing

@testable import VidSift

@Suite("Errors of YouTube as problems")
struct YouTubeProblemTests {
    @Test(
        "what will not work later either is 404 or 409; the rest may be tried again",
        arguments: YtDlpError.Kind.allCases)
    func downloader(kind: YtDlpError.Kind) {
        let error = YtDlpError(kind)
        let problem = Problem(error)
        #expect(problem.detail == error.reason)
        if error.outcome == .permanent {
            #expect([404, 409].contains(problem.status.code) && !problem.isRetryable)
        } else {
            #expect(problem.status.code == 503 && problem.code == .upstreamUnavailable && problem.isRetryable)
        }
    }

    @Test("what is not there is 404; what only some may see is a conflict")
    func kinds() {
        for kind in [YtDlpError.Kind.notFound, .removed, .privateVideo, .unavailable, .accountTerminated] {
            #expect(Problem(YtDlpError(kind)).status.code == 404)
        }
        for kind in [YtDlpError.Kind.membersOnly, .ageRestricted, .notInCountry, .noCaptions, .emptyList] {
            #expect(Problem(YtDlpError(kind)).status.code == 409)
        }
    }

    @Test("nothing of what yt-dlp said itself is told")
    func detail() {
        let problem = Problem(YtDlpError(.toolCrashed, detail: "/home/me/.netrc: secret"))
        #expect(!problem.detail.contains("secret"))
    }

    @Test("the Data API's words keep their meaning")
    func dataAPI() {
        let spent = Problem(YouTubeAPIError.quotaExceeded(resetsAt: Date().addingTimeInterval(600)))
        #expect(spent.status.code == 503 && spent.isRetryable)
        #expect(spent.retryAfter.map { $0 > .seconds(500) && $0 <= .seconds(600) } == true)
        for error in [YouTubeAPIError.channelNotFound, .channelClosed, .channelSuspended, .playlistNotFound] {
            #expect(Problem(error).status.code == 404)
        }
        #expect(Problem(YouTubeAPIError.playlistForbidden).status.code == 409)
        #expect(Problem(YouTubeRefusal.notFound).status.code == 404)
        #expect(Problem(YouTubeRefusal.noChannel).status.code == 400)
        let notNow = Problem(YouTubeNotNow(after: .seconds(90), reason: "Not now."))
        #expect(notNow.status.code == 503 && notNow.retryAfter == .seconds(90) && notNow.detail == "Not now.")
    }
}
