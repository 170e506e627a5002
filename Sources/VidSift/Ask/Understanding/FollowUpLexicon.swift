/// The words by which one language's questions lean on what was said before.
struct FollowUpLexicon: Sendable {
    /// Words that say nothing of what a question is about.
    var function: Set<String>
    /// What a question begins with that goes on from another.
    var openers: [[String]]
    /// Words for somebody or something that was named before.
    var pronouns: Set<String>
    /// The same before a noun: they may mean what the question itself names.
    var possessives: Set<String>
    /// Words that point at what was named before, unless a word for the recording follows.
    var demonstratives: Set<String>
    /// What is asked about itself: "this video" needs no conversation.
    var scopeNouns: Set<String>
    /// Words behind which a pronoun may mean what the question itself has named.
    var subordinators: Set<String>
    /// Question words and auxiliaries: without one a few words are no question of their own.
    var verbs: Set<String>
    /// Verbs that ask by themselves.
    var imperatives: Set<String>
    /// Last words of a question that goes on from another.
    var endings: Set<String>
    /// What refers to something before wherever it stands.
    var references: [[String]]
    /// A pronoun with the word before or behind it that means nothing.
    var impersonal: [[String]]

    static let all: [FollowUpLexicon] = [english, german, french, spanish]

    /// The lexicon that knows most of the words; English where none does.
    static func of(_ words: [String]) -> FollowUpLexicon {
        var best = (lexicon: english, known: words.count { english.function.contains($0) })
        for lexicon in all.dropFirst() {
            let known = words.count { lexicon.function.contains($0) }
            if known > best.known { best = (lexicon, known) }
        }
        return best.lexicon
    }

    static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }

    static func phrases(_ list: String...) -> [[String]] {
        list.map { $0.split(separator: " ").map(String.init) }
    }
}

extension FollowUpLexicon {
    static let english = FollowUpLexicon(
        function: words(
            """
            a about actually again all also am an and another any anything are as at back be because been before being \
            both but by can clarify come continue could detail detailed details did do does doing don't done each either \
            elaborate else even exactly example examples expand explain explanation few finally first for former from \
            further get give go going good got great had happen happened happens has have having he her here him his how \
            i if in instead into is it its just keep kind know last later latter let like long longer main many matter me \
            mean means meant mention mentioned mentions more most much must my never next no not now of off often oh ok \
            okay on once one ones only or other others our out over part please point previous question rather really \
            reason repeat right said same say saying says second shall she should simply since so some something sort \
            still such sure talk talking talks tell than thank thanks that the their theirs them then there these they \
            thing things think third this those though time times to too two under until up us very want was way we well \
            were what when where whether which while who whom whose why will with word words would yeah yes yet you your
            """),
        openers: phrases(
            "and", "but", "or", "also", "then", "what about", "how about", "so what about", "so why", "so how",
            "why not",
            "how so", "how come", "what if", "as for", "in that case", "what else", "same for", "ok and", "okay and",
            "ok but", "okay but", "except"),
        pronouns: words("he she him they them it theirs hers itself himself herself themselves"),
        possessives: words("his her their its"),
        demonstratives: words("this these those"),
        scopeNouns: words(
            """
            video videos channel channels talk talks podcast podcasts series episode episodes lecture lectures recording \
            recordings interview interviews playlist clip clips show speaker speakers host course tutorial conversation \
            documentary presentation library session year world
            """),
        subordinators: words(
            """
            when if because that while before after as since and so but than where why how whether until once unless \
            though although or say says said think thinks thought know knows believe believes believed claim claims \
            claimed mean means who which
            """),
        verbs: words(
            """
            what when where which who whom whose why how is are was were am do does did can could will would shall should \
            may might must has have had isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't \
            shouldn't hasn't haven't
            """),
        imperatives: words(
            """
            define describe compare summarise summarize list name outline show find search count recap translate quote
            """),
        endings: words("too instead then either though again next besides afterwards"),
        references: phrases(
            "else", "the same", "the other", "the others", "the former", "the latter", "the two", "which one",
            "which ones", "the first one", "the second one", "the last one", "the next one", "that one", "this one",
            "the other one", "another one", "you said", "you mentioned", "you just", "you told", "your answer",
            "your last", "previous answer", "last answer", "the above", "both of", "either of", "neither of", "as well"
        ),
        impersonal: phrases(
            "it true", "it possible", "it necessary", "it important", "it worth", "it better", "it hard", "it easy",
            "it like to", "it best", "it safe", "it common", "it normal", "it legal", "it raining", "it take to",
            "it cost to", "it mean to", "it makes sense to", "it make sense to", "is it that", "was it that"))

    static let german = FollowUpLexicon(
        function: words(
            """
            aber alle allem allen aller alles als also am an auch auf aus bei beide beiden beispiel beispiele bin bis bist \
            bitte da dabei dadurch dafür dagegen damit danach dann daran darauf darüber das dass davon dazu dein deine dem \
            den denn der deren des deshalb dessen deswegen die dies diese diesem diesen dieser dieses doch dort du durch \
            ein eine einem einen einer eines einmal er erklär erkläre erwähnt erzähl erzähle es etwas für gab geht genau \
            genauer gesagt gibt haben hat hatte hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja jede jeder \
            jedes kann kannst kein keine können könnte machen macht mal man mehr meinst meint meinte mir mit muss nach \
            nein nicht noch nun nur ob oder sag sagen sagst sagt sagte sehr sein seine seinem seinen seiner sich sie sind \
            so soll sollte sonst sonstige um und uns viel viele vom von vor wann war waren warum was weil weiter welche \
            welchem welchen welcher welches wenn wer weshalb wie wieder wieso will wir wird wo wollen womit woran worüber \
            worum wurde wurden zu zum zur zwei über
            """),
        openers: phrases(
            "und", "aber", "oder", "sonst", "was ist mit", "wie ist es mit", "wie sieht es mit", "wie steht es um",
            "also warum", "warum nicht", "wieso nicht", "was noch", "wer noch"),
        pronouns: words(
            """
            er sie es ihn ihm ihnen davon dazu damit darüber dafür dagegen danach dabei daran darauf dadurch deswegen \
            deshalb dort dies
            """),
        possessives: words(
            "sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer dessen deren"),
        demonstratives: words("diese dieser dieses diesen diesem jene jener jenes jenen jenem"),
        scopeNouns: words(
            """
            video videos kanal kanals kanäle vortrag vortrags vorträge podcast podcasts folge folgen aufnahme aufnahmen \
            film sprecher sprecherin interview gespräch kurs reihe jahr welt sendung
            """),
        subordinators: words(
            "dass weil wenn ob während nachdem bevor als und aber wo wie sagt sagte sagen meint denkt die der das"),
        verbs: words(
            """
            was wer wen wem wessen wie wo wann warum wieso weshalb welche welcher welches welchen welchem womit worüber \
            worum woran wofür ist sind war waren wird werden wurde hat haben hatte kann können soll sollte muss darf gibt
            """),
        imperatives: words("definiere nenne fasse liste zeige zeig beschreibe vergleiche suche zähle"),
        endings: words("auch stattdessen dann denn wieder davon"),
        references: phrases(
            "die gleiche", "das gleiche", "dasselbe", "dieselbe", "der erste", "der andere", "die andere", "das andere",
            "die anderen", "die beiden", "welche davon", "welcher davon", "hast du gesagt", "deine antwort"),
        impersonal: phrases(
            "gibt es", "es gibt", "geht es", "es geht", "dauert es", "es dauert", "es möglich", "es wahr",
            "es wichtig", "es nötig", "es sinnvoll", "kommt es", "es kommt"))

    static let french = FollowUpLexicon(
        function: words(
            """
            a ai ainsi alors après as au aussi autre autres aux avait avec avez c' ça car ce ceci cela celle celles celui \
            ces cet cette ceux chaque combien comme comment d' dans de depuis des dire dis dit dites donc donne du elle \
            elles en encore est et eux exactement exemple exemples explique expliquer fait faut il ils j' je jusqu' l' la \
            là le les leur leurs lui m' ma mais me même mes moi moins mon n' ne ni non nos notre nous on ont où ou oui par \
            parle parlent parler pas peu peut peux plus pour pourquoi puis qu' quand que quel quelle quelles quels qui \
            quoi s' sa sans se sera ses si son sont sur suite t' ta te tes toi ton tous tout toute toutes très trop tu un \
            une va vers vous vraiment y était été être
            """),
        openers: phrases(
            "et", "mais", "ou", "alors", "qu' en est il", "qu' en", "pourquoi pas", "quoi d' autre", "qui d' autre",
            "dans ce cas"),
        pronouns: words("il elle ils elles lui eux celui celle ceux celles cela ça ceci"),
        possessives: words("son sa ses leur leurs"),
        demonstratives: words("ce cet cette ces"),
        scopeNouns: words(
            """
            vidéo vidéos chaîne chaînes podcast épisode épisodes conférence exposé enregistrement enregistrements \
            entretien émission série cours film sont est monde
            """),
        subordinators: words("quand si parce que qu' car comme puisque et mais où dit disent pense lorsque qui"),
        verbs: words(
            """
            que qu' quoi qui où quand comment pourquoi combien quel quelle quels quelles est sont était a ont peut faut \
            fait
            """),
        imperatives: words("définis résume résumez liste montre décris compare cherche compte cite"),
        endings: words("aussi alors ensuite plutôt encore"),
        references: phrases(
            "le même", "la même", "les mêmes", "l' autre", "les autres", "les deux", "le premier", "le dernier",
            "lequel", "laquelle", "lesquels", "tu as dit", "ta réponse", "votre réponse"),
        impersonal: phrases(
            "il y", "a t il", "faut il", "il faut", "est il possible", "est il vrai", "il possible", "il vrai",
            "pleut il", "s' agit il", "il s'"))

    static let spanish = FollowUpLexicon(
        function: words(
            """
            a además ahí al algo allí alguna alguno así aún aunque cada como con cosa cosas cuál cuáles cuando cuándo \
            cuánta cuántas cuánto cuántos da dame de del desde después dice dicen dijo donde dónde e ejemplo ejemplos el él \
            ella ellas ellos en entonces era es esa esas ese eso esos esta está están estas este esto estos exactamente \
            explica explícame fue ha habla hablan hace hacer hay la las le les lo los luego más me menos mi mí mucho muy \
            nada ni no nos o otra otras otro otros para pero poco por porque puede puedes pues que qué quién quiénes se sea \
            ser si sí sin sobre son su sus también tan te ti todo todos tu tú un una uno unos y ya yo
            """),
        openers: phrases(
            "y", "pero", "o", "entonces", "qué hay de", "qué tal", "qué pasa con", "qué más", "quién más", "por qué no",
            "en ese caso"),
        pronouns: words("él ella ellos ellas eso esto aquello ahí allí"),
        possessives: words("su sus suyo suya"),
        demonstratives: words("ese esa esos esas este esta estos estas aquel aquella"),
        scopeNouns: words(
            """
            video videos vídeo vídeos canal canales charla charlas podcast episodio episodios conferencia grabación \
            grabaciones entrevista programa serie curso mundo año
            """),
        subordinators: words("cuando si porque que como y pero donde mientras aunque dice dijo piensa cree"),
        verbs: words(
            """
            qué quién quiénes cuál cuáles cuándo dónde cómo cuánto cuántos cuánta cuántas por es son era fue está están \
            ha hay puede hace
            """),
        imperatives: words("define resume resúmeme lista muestra describe compara busca cuenta cita"),
        endings: words("también entonces después tampoco"),
        references: phrases(
            "el mismo", "la misma", "lo mismo", "el otro", "la otra", "los otros", "las otras", "los dos", "las dos",
            "el primero", "el último", "dijiste", "tu respuesta"),
        impersonal: [])
}
