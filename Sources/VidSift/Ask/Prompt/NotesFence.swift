internal import Providers

/// Notes as a model reads them: one a line with the numbers of its passages, between two lines that no note can write.
/// A model wrote them of what others have said, so they are data like the passages.
struct NotesFence: Sendable {
    /// Random, of one request.
    let mark: String

    var opening: String { "<notes \(mark)>" }
    var closing: String { "</notes \(mark)>" }

    func block(_ notes: [NoteChoice.Note]) -> String {
        let lines = notes.map { Self.line(QuotedData.line($0.text, without: mark), numbers: $0.numbers) }
        return ([opening] + lines + [closing]).joined(separator: "\n")
    }

    /// What a note costs at most, whatever its numbers.
    static func tokens(of text: String, numbers: Int) -> Int {
        let numbers = [Int](repeating: highestNumber, count: numbers)
        return TokenEstimate.tokens(in: line(QuotedData.line(text, without: ""), numbers: numbers))
    }

    private static let highestNumber = 9_999

    private static func line(_ text: String, numbers: [Int]) -> String {
        "- \(text) " + numbers.map { "[\($0)]" }.joined()
    }
}
