internal import Database
internal import Foundation
internal import VidSift

/// Looks at what the database says of YouTube: whether it may be asked, and how much.
struct YouTubeExamination {
    private static let subject = "YouTube"

    let database: Database
    let settings: YouTubeSettings

    func findings() async throws -> [Finding] {
        let health = try await YouTubeHealth.get(
            dailyUnits: settings.dailyUnits, usesDataAPI: settings.apiKey != nil, limits: settings.limits, on: database)
        let until = health.until?.clockTime ?? "later"
        switch health.state {
        case .ok: return [.fine(Self.subject, "may be asked; \(budget(health))")]
        case .paused:
            return [
                .warning(
                    Self.subject, "is not asked until \(until), because it refused: \(health.reason ?? "")",
                    remedy: "nothing, it goes on by itself; where it comes again and again, see docs/youtube.md")
            ]
        case .quotaExhausted:
            return [
                .warning(
                    Self.subject, "channels' lists are not read until \(until): \(health.reason ?? "")",
                    remedy: "nothing, it goes on by itself; videos are fetched all the same")
            ]
        }
    }

    private func budget(_ health: YouTubeHealth) -> String {
        let units = health.unitsSpent.map { "\($0) of \(health.dailyUnits) units of the Data API are spent today" }
        return "at most \(health.requestsPerHour) requests an hour; \(units ?? "no key of the Data API")"
    }
}
