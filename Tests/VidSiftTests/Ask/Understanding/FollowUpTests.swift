import Providers
import Testing

@testable import VidSift

@Suite struct FollowUpTests {
    private let history = [
        ChatTurn(.user, "How do honey bees tell each other where flowers are?"),
        ChatTurn(.assistant, "They dance on the comb [0:12]."),
    ]

    @Test(
        "a question that leans on what was said before is told",
        arguments: [
            "And why?", "Why?", "why is that?", "Why not?", "How so?", "how come", "And in winter?", "In winter?",
            "What about wasps?", "how about drones", "But what if it rains?", "Really?", "Tell me more",
            "Can you explain that?", "Can you give an example?", "And the drones?", "The drones too?",
            "What does it mean?", "How does it work?", "How long does it take?", "What did she say about it?",
            "Why does she do this?", "Who is he?", "Where did they find them?", "When was it built?",
            "What happens then?", "What else?", "What else did she recommend?", "Which one is better?",
            "Which is faster?", "What is the difference between the two?", "Is that true?",
            "How does that affect honey?",
            "What do those bees eat?", "Why are these important?", "Does this apply to wasps?",
            "How many of them are there?",
            "What was the second one?", "Did she mention the other reason?", "Do wasps do the same?",
            "How did the reviewer test it?", "what's its purpose", "Whose idea was that?", "Could you clarify?",
            "Go on", "More details please", "You said they dance. When?", "Drones?", "Then what?",
            "Und warum?", "Was ist mit Wespen?", "Wie funktioniert das?", "Und im Winter?", "Warum macht sie das?",
            "Was bedeutet das?", "Et pourquoi ?", "Et les guêpes ?", "Comment fait-elle cela ?",
            "Qu'est-ce que ça veut dire ?",
            "¿Y por qué?", "¿Y las avispas?", "¿Qué significa eso?", "为什么？", "那黄蜂呢", "它们是怎么做到的", "なぜですか",
            "それはどういう意味ですか", "왜요?",
        ])
    func leans(question: String) {
        #expect(!StandAloneQuestion.standsAlone(question, history: history))
    }

    @Test(
        "a question that says what it is about stands alone",
        arguments: [
            "How many eggs does the queen lay in a day?", "What do bees do in winter?", "What is a mitre gate?",
            "Why do bees dance when they find flowers?", "How does the queen lay her eggs?",
            "How do bees keep their hive warm?", "What did Marie Curie say she discovered?",
            "Is it true that drones die in autumn?", "How long does it take to bake rye bread?",
            "What is it like to keep bees in a city?",
            "What is this channel about?", "What is discussed in this video about pollination?",
            "Explain the waggle dance", "Define pollination", "Summarise this video",
            "Which flowers do bees prefer, and which do wasps prefer?", "How many times is honey mentioned?",
            "Who invented the canal lock?", "When was the Panama canal built?", "Are bees faster than wasps?",
            "What happens if the queen dies before she lays eggs?", "Does honey ever spoil?",
            "What temperature should rye bread be baked at?", "Was sagt die Forschung über Bienen?",
            "Wie viele Eier legt die Königin am Tag?", "Gibt es Bienen in der Antarktis?",
            "Worum geht es in diesem Video?", "Wie lange dauert es, Brot zu backen?",
            "Combien d'œufs la reine pond-elle par jour ?", "Pourquoi les abeilles dansent sur les rayons ?",
            "¿Cuántos huevos pone la reina al día?", "¿Por qué bailan las abejas?", "蜜蜂冬天怎么取暖", "ミツバチは冬に何をしますか",
        ])
    func standsAlone(question: String) {
        #expect(StandAloneQuestion.standsAlone(question, history: history))
    }

    @Test("without a conversation every question stands alone", arguments: ["And why?", "What about it?", "?"])
    func noHistory(question: String) {
        #expect(StandAloneQuestion.standsAlone(question, history: []))
        #expect(StandAloneQuestion.standsAlone(question, history: [ChatTurn(.assistant, "Hello.")]))
    }

    @Test("a question of 30 kB stands alone, and is told so quickly")
    func longQuestion() {
        let question = String(repeating: "why does it do that and ", count: 1_300)
        let time = ContinuousClock().measure {
            #expect(StandAloneQuestion.standsAlone(question, history: history))
        }
        #expect(time < .seconds(1))
    }
}
