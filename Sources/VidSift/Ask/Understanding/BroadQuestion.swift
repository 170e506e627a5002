/// A question about a recording or a channel as a whole.
///
/// It has one of the words that ask for that, and besides them only words that say nothing of a subject: "the main
/// points" is broad, "the main points about pollination" is not.
enum BroadQuestion {
    static func matches(_ question: QuestionWords) -> Bool {
        guard QueryText(question.text).phrases.isEmpty else { return false }
        guard !question.words.contains(where: parts.contains), !endsWithReference(question) else { return false }
        return triggers.contains { trigger in
            question.words.indices.contains { place in
                question.has(trigger, at: place) && isGeneral(question, besides: place..<place + trigger.count)
            }
        } || asksWhatAbout(question) || asksOfWhole(question)
    }

    private static func isGeneral(_ question: QuestionWords, besides trigger: Range<Int>) -> Bool {
        let lexicon = FollowUpLexicon.of(question.words)
        return question.words.indices.allSatisfy { place in
            let word = question.words[place]
            return trigger.contains(place) || general.contains(word) || lexicon.imperatives.contains(word)
                || FollowUpLexicon.isScopeNoun(word)
                || lexicon.function.contains(word)
                || word.allSatisfy { $0.isNumber }
        }
    }

    /// "What is this channel about?"
    private static func asksWhatAbout(_ question: QuestionWords) -> Bool {
        guard let about = question.words.lastIndex(of: "about"), question.words.contains("what") else { return false }
        let before = question.words[..<about]
        guard before.contains(where: ["is", "are", "was", "were"].contains) else { return false }
        let isNamed =
            question.words.contains(where: FollowUpLexicon.isScopeNoun)
            || ["it", "it all", "this", "this all", "all this"].contains {
                question.has($0.split(separator: " ").map(String.init), at: about - $0.split(separator: " ").count)
            }
        return isNamed && isGeneral(question, besides: about..<about + 1)
    }

    /// "What does this video cover?", "Tell me about this channel."
    private static func asksOfWhole(_ question: QuestionWords) -> Bool {
        guard question.words.contains(where: FollowUpLexicon.isScopeNoun) else { return false }
        return wholeVerbs.contains { verb in
            question.words.indices.contains { place in
                question.has(verb, at: place) && isGeneral(question, besides: place..<place + verb.count)
            }
        }
    }

    private static func endsWithReference(_ question: QuestionWords) -> Bool {
        guard question.words.first != "what" else { return false }
        return ["it", "that", "them", "him", "her"].contains { question.has(["about", $0], at: question.count - 2) }
    }

    /// Only a part is meant.
    private static let parts = FollowUpLexicon.words(
        """
        first second third fourth fifth last next previous part parts section sections chapter chapters beginning end \
        ending start half minute minutes teil kapitel anfang ende partie chapitre début fin parte capítulo final
        """)

    private static let wholeVerbs = FollowUpLexicon.phrases(
        "cover", "covers", "covered", "discuss", "discusses", "discussed", "teach", "teaches", "talk about",
        "talks about", "learn", "learn from", "describe", "tell me about", "happens", "say", "miss", "deal with",
        "deals with", "explain", "know about")

    private static let triggers = FollowUpLexicon.phrases(
        "summarise", "summarize", "summarised", "summarized", "summarising", "summary", "summaries", "tldr", "tl dr",
        "recap", "overview", "outline", "synopsis", "gist", "main points", "main point", "key points", "key point",
        "main ideas", "main idea", "key ideas", "takeaways", "takeaway", "main topics", "key topics", "topics",
        "themes",
        "highlights", "sum up", "sum it up", "sum this up", "nutshell", "bottom line", "key insights", "main insights",
        "main message", "key message", "main lessons", "key lessons", "main arguments", "main argument",
        "key arguments",
        "key facts", "important points", "important things", "important ideas", "important lessons", "big picture",
        "essence", "main takeaways", "main claims", "main conclusions",
        "zusammenfassung", "zusammenfassen", "zusammengefasst", "zusammen", "überblick", "hauptpunkte", "kernaussagen",
        "kernpunkte", "hauptthemen", "kernaussage", "worum geht", "um was geht", "wovon handelt", "wovon handeln",
        "themen", "wichtigsten punkte", "wichtigsten aussagen", "wichtigsten erkenntnisse", "kurzfassung",
        "résumé", "résumer", "résume", "résumez", "aperçu", "synthèse", "points principaux", "points clés",
        "principaux points", "idées principales", "idées clés", "grandes lignes", "de quoi parle", "de quoi parlent",
        "de quoi traite", "de quoi s' agit", "thèmes abordés", "sujets abordés",
        "resume", "resumir", "resúmeme", "resumen", "sinopsis", "puntos principales", "puntos clave",
        "ideas principales", "ideas clave", "de qué trata", "de qué tratan", "de qué va", "de qué habla",
        "de qué hablan", "temas principales",
        "riassumi", "riassunto", "riassumere", "punti principali", "di cosa parla", "di cosa parlano", "di cosa tratta",
        "resuma", "resumo", "pontos principais", "do que se trata", "sobre o que é", "de que trata",
        "samenvatting", "samenvatten", "samen", "hoofdpunten", "waar gaat")

    private static let general = FollowUpLexicon.words(
        """
        whole entire complete full brief briefly short quick quickly concise bullet bullets sentence sentences paragraph \
        point points me gib geef mij line lines general generally overall everything content contents key important covered discussed made presented \
        provide write create need simple terms plain english one three four five six ten \
        fasse fass kurz kurze ganze ganzen gesamte gesamten stichpunkten sätzen handelt punkte aussagen wichtigsten inhalt \
        behandelt gegeben handeln \
        fais faire donne court courte bref brève entier entière tout phrases principaux abordés traite agit \
        hazme breve corto corta completo completa frases puntos trata tratan va habla hablan \
        questo questa il lo di canale fammi breve in un una del della video mi puoi \
        este esse esta essa canal vídeo faça um uma do da o os em que se sobre \
        deze dit het een van de vat maak korte over kanaal gaat
        """)

    private static let unspaced = [
        "总结", "總結", "概括", "概述", "摘要", "主要内容", "主要內容", "讲了什么", "講了什麼", "关于什么", "關於什麼", "要約", "まとめ", "概要", "要点を", "何について",
        "どんな内容", "内容を教えて", "요약", "주요 내용", "무슨 내용", "무엇에 관한", "어떤 내용",
    ]
    /// A longer question in such a script names a subject.
    private static let maximumUnspacedLetters = 20

    static func isUnspacedBroad(_ question: String) -> Bool {
        question.count { $0.isLetter } <= maximumUnspacedLetters && unspaced.contains(where: question.contains)
    }
}
