import Testing

@testable import VidSift

@Suite struct LanguageGuessTests {
    @Test(
        "the language of a few sentences is told by its script or its common words",
        arguments: [
            (
                "So the thing about bread is that it is alive, and you have to wait for it to rise in the warm kitchen.",
                "en"
            ),
            (
                "Das ist der Grund, warum wir nicht mit dem Auto fahren, sondern zu Fuß gehen, und es ist auch besser für uns.",
                "de"
            ),
            (
                "Je pense que nous avons tous le droit de savoir ce que les autres ont fait dans cette affaire et pour qui.",
                "fr"
            ),
            ("Это было очень давно, и никто уже не помнит, как всё началось.", "ru"),
            ("今日はとても天気がいいので、散歩に行きましょう。", "ja"),
            ("我们今天讨论人工智能的未来发展。", "zh"),
            ("오늘은 날씨가 아주 좋습니다.", "ko"),
        ] as [(String, String)])
    func told(text: String, language: String) {
        #expect(LanguageGuess.of(text) == language)
    }

    @Test("what can't be told is not guessed", arguments: ["", "OK.", "Lorem ipsum dolor", "12 34 56 !!! ???"])
    func untold(text: String) {
        #expect(LanguageGuess.of(text) == nil)
    }
}
