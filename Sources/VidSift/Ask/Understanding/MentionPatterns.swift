/// How people ask for every place at which something was said.
enum MentionPatterns {
    /// What is sought by its words, in whatever order.
    static let about: [WordPattern] = patterns(
        passives + heads.flatMap { head in aboutVerbs.map { "\(head) \($0)" } } + named + otherLanguages)

    /// What is sought as it stands.
    static let spoken: [WordPattern] = patterns(
        heads.flatMap { head in spokenVerbs.map { "\(head) \($0)" } } + [
            "how many times {be} the {word} X used|said|mentioned|uttered|spoken|heard",
            "how often {be} the {word} X used|said|mentioned|uttered|spoken|heard",
            "how many times {do} the {word} X appear|occur|come", "how often {do} the {word} X appear|occur|come",
            "wie oft sagt|sagen|sagte er|sie|es|man|wir X", "jedes mal *1 wenn er|sie|man X sagt",
            "combien de fois *2 dit|disent t? il|elle|on|ils|elles? X",
            "chaque fois qu'|que il|elle|on|ils|elles dit|disent X",
            "cuántas veces *3 dice|dicen|dijo X", "cada vez que *2 dice|dicen X",
        ])

    private static func patterns(_ lines: [String]) -> [WordPattern] {
        lines.map { WordPattern($0, lists: lists) }
    }

    private static let lists = [
        "mention": """
        mention|mentions|mentioned|mentioning|discuss|discusses|discussed|discussing|reference|references|referenced|\
        name|names|named|cite|cites|cited
        """,
        "talk": "talk|talks|talked|talking|speak|speaks|spoke|spoken|speaking",
        "say": "say|says|said|saying|utter|utters|uttered|repeat|repeats|repeated",
        "use": "use|uses|used|using",
        "word": "word|words|phrase|phrases|term|terms|expression|name|sentence",
        "participle": "mentioned|discussed|referenced|named|cited|said|uttered",
        "noun": "mention|mentions|occurrence|occurrences|reference|references|utterance|utterances",
        "videos": "videos|episodes|talks|recordings|lectures|podcasts|interviews|clips|shows|sessions|streams|chapters",
        "place": """
        time|times|moment|moments|occasion|occasions|instance|instances|place|places|point|points|part|parts|spot|\
        spots|passage|passages|segment|segments|clip|clips|scene|scenes|timestamp|timestamps|video|videos|episode|\
        episodes|talk|talks|recording|recordings|sentence|sentences|quote|quotes
        """,
        "be": "is|are|was|were",
        "do": "does|do|did|will",
        "has": "has|have|had",
    ]

    /// What stands before a verb of which what is sought is the object.
    private static let heads = [
        "how many times *7", "how often *7", "in? how many {videos} *7", "in? which|what {videos} *5",
        "every|each|all|any single? of? the|those? {place} that|where|when|in|at|on? which? *6", "everywhere *5",
        "number of times *6", "list|find|show|give|count *4 {videos} that|which|where|in which? *4",
    ]
    /// Said of something.
    private static let aboutVerbs = [
        "{mention} X", "{talk} about|of|on X", "refer|refers|referred|referring to X",
        "bring|brings|brought|bringing up X",
    ]
    /// Said as it stands.
    private static let spokenVerbs = ["{say} X", "{use} the|that|a? {word} X"]

    /// What is sought is the subject.
    private static let passives: [String] = {
        let participles = ["{participle}", "brought up", "referred to", "talked|spoken about|of"]
        let asked = ["how many times", "how often", "in? how many {videos}", "in? which|what {videos}"].flatMap {
            head in
            participles.flatMap { participle in
                [
                    "\(head) {be} X being? ever? \(participle)", "\(head) {has} X ever? been \(participle)",
                    "\(head) {do} X ever? get \(participle)",
                ]
            } + ["\(head) {do} X ever? come up", "\(head) {has} X ever? come up"]
        }
        let told = [
            "every|each|all|any single? of? the|those? {place} that|where|when|in|at|on? which?", "everywhere",
            "number of times", "list|find|show|give|count *4 {videos} in|where which?",
        ].flatMap { head in
            participles.flatMap { participle in
                ["\(head) X {be}|gets|get \(participle)", "\(head) X {has} been \(participle)"]
            } + ["\(head) X comes|come|came up"]
        }
        return asked + told
    }()

    private static let named = [
        "all|every|each|any|many|count|list|number|find of? me? the|all|every? of? the? {noun} of|to X",
        "all|every|each|any of? the? instance|instances of the|a? {word} X",
        "in how many {videos} {do} X appear|occur|show|feature",
        "in which|what {videos} {do} X appear|occur|show|feature",
    ]

    private static let otherLanguages = [
        "wie oft erwähnt|erwähnen|erwähnte|nennt|nennen er|sie|es|man|die|der|wir|ihr? X",
        "wie oft spricht|sprechen|redet|reden er|sie|man|wir? von|über X",
        "wie oft wird|werden|wurde|wurden|ist|sind X erwähnt|genannt|angesprochen|gesagt",
        "wie oft kommt|kommen|kam|kamen X vor",
        "in wie|welchen vielen? videos|folgen|vorträgen|aufnahmen wird|werden|wurde X erwähnt|genannt|angesprochen",
        "wie viele videos|folgen|vorträge|aufnahmen erwähnen|nennen|behandeln X",
        "alle|jede erwähnung|erwähnungen|nennung|nennungen von|zu|der|des X",
        "alle|jede stelle|stellen *3 wo|denen|der|man? er|sie|man? X erwähnt|genannt|angesprochen wird|werden|wurde?",
        "jedes mal *1 wenn er|sie|man X erwähnt|nennt|anspricht",
        "combien de fois *2 mentionne|mentionnent|mentionné|cite|citent|cité t? il|elle|on|ils|elles? X",
        "combien de fois *2 parle|parlent|parlé t? il|elle|on|ils|elles? de|d'|du|des X",
        "combien de fois X est|sont|a|ont été? il|elle? mentionné|mentionnée|mentionnés|mentionnées|cité|citée|évoqué|évoquée",
        "combien de vidéos|épisodes mentionnent|citent|évoquent X",
        "combien de vidéos|épisodes parlent de|d'|du|des X",
        "toutes|chaque les? mention|mentions de|d'|du|des X",
        "chaque fois qu'|que il|elle|on|ils|elles mentionne|mentionnent|cite|évoque X",
        "chaque fois qu'|que il|elle|on|ils|elles parle|parlent de|d'|du|des X",
        "cuántas veces *3 menciona|mencionan|mencionó|nombra|cita X",
        "cuántas veces *3 habla|hablan|habló de|del|sobre X",
        "cuántos|cuántas|qué videos|vídeos|episodios|charlas mencionan|citan X",
        "cuántos|cuántas|qué videos|vídeos|episodios|charlas hablan de|del|sobre X",
        "todas|cada las? mención|menciones de|a|del|al X",
        "cada vez que *2 menciona|mencionan|nombra X", "cada vez que *2 habla|hablan de|del|sobre X",
    ]
}
