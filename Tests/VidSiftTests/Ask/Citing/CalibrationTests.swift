import Captions
import Foundation
import Logging
import Testing

@testable import Providers
@testable import VidSift

/// The thresholds of `Support`, on labelled answers: true where the passage is that of the label, false where it is that
/// of another question.
@Suite(.enabled(if: Places.hasFixtures)) struct CalibrationTests {
    @Test("by words alone hardly any false claim is verified, and no wrong number")
    func words() async throws {
        let figures = try await Calibration(try LabelledClaim.all(), model: nil).figures()
        print("support by words: \(figures)")
        #expect(figures.falseVerified <= 0.01 && figures.falseClose <= 0.02)
        #expect(figures.wrongNumberVerified == 0)
        #expect(figures.trueSupported >= 0.55)
    }

    @Test("with vectors most true claims are supported", .enabled(if: Places.hasEmbeddingModel))
    func vectors() async throws {
        let model = OpenVINOEmbeddingModel(folder: Places.embeddingModel.path)
        let figures = try await Calibration(try LabelledClaim.all(), model: model).figures()
        await model.close()
        print("support with vectors: \(figures)")
        #expect(figures.falseVerified <= 0.01 && figures.falseClose <= 0.02)
        #expect(figures.wrongNumberVerified == 0)
        #expect(figures.trueSupported >= 0.85)
        #expect(figures.medianStartError <= 3)
    }
}

/// An answer of the labelled set with the passage that holds it and others of its video.
struct LabelledClaim {
    var text: String
    var evidence: Evidence
    /// The passage of the label.
    var passage: Int
    /// Where it is said, in seconds.
    var spans: [ClosedRange<Double>]

    /// Passages beside the right one.
    private static let others = 7

    private struct Label: Decodable {
        var question: String
        var answer: String?
        var answerable: Bool
        var video_id: String?
        var timestamps: String?
        var spans: [Span]

        struct Span: Decodable {
            var start: Double
            var end: Double
        }
    }

    static func all() throws -> [LabelledClaim] {
        let file = Places.fixtures.appendingPathComponent("qa/own_qa.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").flatMap { line in
            let label = try JSONDecoder().decode(Label.self, from: Data(line.utf8))
            guard label.answerable, label.timestamps == "fine", let video = label.video_id, let answer = label.answer
            else { return [LabelledClaim]() }
            let passages = try passages(of: video)
            guard let best = passages.indices.max(by: { overlap(passages[$0], label) < overlap(passages[$1], label) })
            else { return [] }
            let window = max(0, min(best - others / 2, passages.count - others - 1))
            let evidence = Evidence(Array(passages[window...].prefix(others + 1)))
            let spans = label.spans.map { $0.start...$0.end }
            // What a model writes repeats what was asked.
            return [answer, "\(label.question.dropLast()): \(answer)"].map {
                LabelledClaim(text: $0, evidence: evidence, passage: best - window, spans: spans)
            }
        }
    }

    private static func overlap(_ passage: Retrieval.Passage, _ label: Label) -> Double {
        guard let span = label.spans.first else { return 0 }
        let start = Double(passage.passage.startMilliseconds) / 1000
        let end = Double(passage.passage.endMilliseconds) / 1000
        return min(end, span.end) - max(start, span.start) - abs((start + end) - (span.start + span.end)) / 1000
    }

    private static func passages(of video: String) throws -> [Retrieval.Passage] {
        let folder = Places.fixtures.appendingPathComponent("transcripts")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        let ours = names.sorted().filter {
            $0.contains(video) && ["vtt", "srt", "json3"].contains(URL(fileURLWithPath: $0).pathExtension)
        }
        let name = try #require(ours.first { $0.contains(".en.") } ?? ours.first)
        let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
        let plan = PassagePlan(try Transcript(captions: bytes, fileName: name))
        let id = VideoID()
        return plan.passages.map { passage in
            SampleEvidence.passage(of: StoredPassage(passage, ordinal: 0, video: id), title: video, language: "en")
        }
    }
}

/// Asks the machine about each claim, at its own passage and at that of others.
struct Calibration {
    struct Figures {
        var trueVerified = 0.0
        var trueSupported = 0.0
        var falseVerified = 0.0
        var falseClose = 0.0
        var wrongNumberVerified = 0.0
        var wrongNumberClose = 0.0
        /// Seconds from the label's nearest span, of what is supported.
        var medianStartError = 0.0
    }

    /// How far away in the list the passages are at which a claim is false.
    private static let steps = [7, 20, 33, 46]

    private let claims: [LabelledClaim]
    private let embedder: Embedder
    private let logger: Logger

    init(_ claims: [LabelledClaim], model: (any EmbeddingModel)?) {
        self.claims = claims
        logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        embedder = Embedder(model, logger: logger)
    }

    func figures() async throws -> Figures {
        var figures = Figures()
        var errors: [Double] = []
        var right: [Citation] = []
        var wrong: [Citation] = []
        var numbers: [Citation] = []
        for (place, claim) in claims.enumerated() {
            let citation = try await cite(claim.text, claim.evidence, claim.passage)
            right += citation
            for found in citation where found.status != .unsupported {
                errors.append(claim.spans.map { Self.distance(found.start.seconds, $0) }.min() ?? 0)
            }
            if let changed = Self.withOtherNumber(claim.text) {
                numbers += try await cite(changed, claim.evidence, claim.passage)
            }
            for step in Self.steps {
                let other = claims[(place + step) % claims.count]
                guard other.evidence.passages[0].video != claim.evidence.passages[0].video else { continue }
                wrong += try await cite(claim.text, other.evidence, other.passage)
            }
        }
        figures.trueVerified = Self.share(right) { $0 == .verified }
        figures.trueSupported = Self.share(right) { $0 != .unsupported }
        figures.falseVerified = Self.share(wrong) { $0 == .verified }
        figures.falseClose = Self.share(wrong) { $0 == .close }
        figures.wrongNumberVerified = Self.share(numbers) { $0 == .verified }
        figures.wrongNumberClose = Self.share(numbers) { $0 == .close }
        figures.medianStartError = errors.isEmpty ? 0 : errors.sorted()[errors.count / 2]
        return figures
    }

    private func cite(_ claim: String, _ evidence: Evidence, _ passage: Int) async throws -> [Citation] {
        var citer = AnswerCiter(
            evidence: evidence, spansVideos: false, isStrict: false, embedder: embedder, logger: logger)
        _ = try await citer.read("\(claim) [\(passage + 1)]")
        _ = try await citer.finish()
        return Array(citer.citations.prefix(1))
    }

    private static func share(_ citations: [Citation], _ holds: (Citation.Status) -> Bool) -> Double {
        Double(citations.count { holds($0.status) }) / Double(max(1, citations.count))
    }

    private static func distance(_ second: Double, _ span: ClosedRange<Double>) -> Double {
        max(0, span.lowerBound - second, second - span.upperBound)
    }

    private static func withOtherNumber(_ text: String) -> String? {
        guard let match = text.firstMatch(of: /[0-9][0-9,]*/) else { return nil }
        return text.replacingCharacters(in: match.range, with: "6\(match.output.filter(\.isNumber))3")
    }
}
