import Testing

@testable import VidSift

@Suite("The file of results")
struct ResultsFileTests {
    @Test("one line a question, best citation first, times in seconds")
    func lines() {
        let outcome = QuestionOutcome(
            id: "q\"1", isAnswerable: true,
            cited: [
                CitedPassage(video: "a", start: 12.5, end: 60, moment: 20.25),
                CitedPassage(video: "b", start: 0, end: 3.125, moment: 0),
            ], abstained: false, searchMilliseconds: 1)
        let refused = QuestionOutcome(
            id: "q2", isAnswerable: false, cited: [], abstained: true, searchMilliseconds: 1)

        #expect(
            ResultsFile.text(of: [outcome, refused]) == """
                {"qid":"q\\"1","abstained":false,"citations":[\
                {"video_id":"a","start":12.5,"end":60,"moment":20.25},\
                {"video_id":"b","start":0,"end":3.125,"moment":0}]}
                {"qid":"q2","abstained":true,"citations":[]}

                """)
    }
}
