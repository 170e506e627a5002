import Testing

@testable import VidSift

@Suite struct RouteTests {
    private static let counted: [(String, String)] = [
        ("Every time she mentions bees", "bees"),
        ("every time he talks about the queen", "the queen"),
        ("List every time they bring up inflation.", "inflation"),
        ("How many videos mention varroa mites?", "varroa mites"),
        ("In how many videos does she mention varroa?", "varroa"),
        ("How many episodes talk about sourdough", "sourdough"),
        ("how many times does the host of the show mention climate change?", "climate change"),
        ("How many times is honey mentioned?", "honey"),
        ("How often is the moon mentioned in this video?", "the moon"),
        ("How often does she mention her garden?", "her garden"),
        ("how often does he refer to Darwin", "Darwin"),
        ("How often do they talk about money in these talks?", "money"),
        ("How often does honey come up?", "honey"),
        ("How many times has Leonardo been mentioned?", "Leonardo"),
        ("List all mentions of the Tacoma bridge", "the Tacoma bridge"),
        ("Find every mention of entropy please", "entropy"),
        ("show me all references to Einstein", "Einstein"),
        ("all occurrences of canal", "canal"),
        ("Count the mentions of pollen.", "pollen"),
        ("How many mentions of drones are there in the whole channel?", "drones are there"),
        ("number of times varroa is mentioned", "varroa"),
        ("number of mentions of varroa across all videos", "varroa"),
        ("Which videos mention lock gates?", "lock gates"),
        ("Which episodes discuss fermentation?", "fermentation"),
        ("In which talks does she talk about tides?", "tides"),
        ("What videos refer to Newton?", "Newton"),
        ("List the videos that mention gluten", "gluten"),
        ("Can you tell me how many times she mentions yeast, and when?", "yeast"),
        ("Give me all the places where he mentions Milan", "Milan"),
        ("all the moments where the dance is mentioned", "the dance"),
        ("everywhere she mentions winter", "winter"),
        ("every single place where honey is talked about", "honey"),
        ("Where are all the times she mentions bread with timestamps", "bread"),
        ("How many times does he say \"you know\"?", "\"you know\""),
        ("How often does she say “to be honest”?", "\"to be honest\""),
        ("How many times does he say thank you?", "\"thank you\""),
        ("how often does he say basically", "\"basically\""),
        ("How often does he use the word literally in this video", "\"literally\""),
        ("every time she says machine learning", "\"machine learning\""),
        ("How many times does she say the phrase big picture?", "\"big picture\""),
        ("How often is the word actually used?", "\"actually\""),
        ("How many times did they say that nobody knows", "nobody knows"),
        ("every time she says something about bees", "bees"),
        ("Wie oft erwähnt sie Bienen?", "Bienen"),
        ("Wie oft wird Honig erwähnt?", "Honig"),
        ("Wie oft sagt er eigentlich?", "\"eigentlich\""),
        ("Alle Erwähnungen von Varroa", "Varroa"),
        ("In wie vielen Videos wird Darwin erwähnt?", "Darwin"),
        ("Combien de fois mentionne-t-elle le miel ?", "le miel"),
        ("Combien de vidéos parlent de l'abeille ?", "l'abeille"),
        ("Toutes les mentions de Newton", "Newton"),
        ("¿Cuántas veces menciona las abejas?", "las abejas"),
        ("¿Cuántos videos mencionan la miel?", "la miel"),
        ("Cada vez que habla de política", "política"),
    ]

    @Test("who wants every mention, or their number, is answered by counting", arguments: counted)
    func exhaustive(question: String, phrase: String) {
        #expect(Route.of(question) == .exhaustive(phrase: phrase))
    }

    @Test(
        "who asks about the whole is answered from the whole",
        arguments: [
            "What is this channel about?", "what's this video about", "What is the podcast about, in general?",
            "What are these videos about?", "What is it about?", "what is this all about?", "Summarise",
            "Summarize this video.", "Please summarise the whole talk in three sentences", "summary please",
            "Give me a short summary of the channel", "TL;DR", "tldr?", "What are the main points?",
            "List the key takeaways", "key points of this lecture as bullet points", "Give me an overview",
            "overview of this channel", "What topics are covered in this channel?", "what topics does he talk about",
            "What are the main ideas of the interview?", "What's the gist?", "Sum it up", "recap",
            "What is the main message of the talk?", "the highlights, please", "In a nutshell?",
            "What does this channel cover?", "What does the speaker talk about in this video?",
            "Tell me about this channel", "Describe this video.", "What can I learn from this course?",
            "What happens in this video?", "Summarise what she says", "Outline the lecture",
            "Worum geht es in diesem Video?", "Worum geht's?", "Fasse das Video kurz zusammen",
            "Gib mir eine Zusammenfassung", "Was sind die wichtigsten Punkte?", "Überblick über den Kanal",
            "De quoi parle cette vidéo ?", "Résume la vidéo", "Quels sont les points principaux ?",
            "¿De qué trata este canal?", "Resume el video", "¿Cuáles son las ideas principales?",
            "Riassumi il video", "Resuma o vídeo", "Geef een samenvatting", "总结一下这个视频", "这个频道是关于什么的？",
            "この動画を要約して", "이 영상을 요약해 줘",
        ])
    func broad(question: String) {
        #expect(Route.of(question) == .broad)
    }

    @Test(
        "everything else is looked up",
        arguments: [
            "How many eggs does the queen lay in a day?", "How often do bees dance?",
            "How many times does the queen lay eggs?", "How often should I water the plants?",
            "Every time I open the hive they sting, why?", "How many videos are there?", "What is a mitre gate?",
            "What did she say about winter?", "What are the main points about pollination?",
            "Give me an overview of the history of bread", "Summarise her argument for rye flour",
            "Summarise the second part", "What is the queen about to do?", "What is the dance about?",
            "How often does she mention it?", "How often does she say that?", "Why does he mention Darwin?",
            "Where does she mention the moon?", "Which video explains tides?", "What does \"summary\" mean?",
            "Who is mentioned first?", "What is the most important thing about locks?", "Tell me about bees",
            "Describe the waggle dance", "What happens in winter?", "bees", "", "?", "…", "Wie oft tanzen Bienen?",
            "Was sagt sie über Honig?", "Pourquoi les abeilles dansent-elles ?", "¿Cuántos huevos pone la reina?",
            "蜜蜂为什么跳舞？", "蜂はなぜ踊るのですか", "How long does the summary of the first study take to explain the result?",
        ])
    func lookup(question: String) {
        #expect(Route.of(question) == .lookup)
    }

    @Test("a question of 30 kB is looked at quickly, and looked up")
    func longQuestion() {
        let question = "How many times does she mention " + String(repeating: "every time she ", count: 2_000)
        let time = ContinuousClock().measure { #expect(Route.of(question) == .lookup) }
        #expect(time < .seconds(1))
    }
}
