/// Words that a question is better searched without.
///
/// They are indexed (a quoted phrase may hold them) and skipped in a query, unless it has no other words. What they
/// would add is next to nothing by BM25 and their postings are the longest. Languages without a list keep all words.
enum StopWords {
    /// The languages that have a list, in alphabetical order.
    static var languages: [String] { lists.keys.sorted() }

    static func of(language: String) -> Set<String> { lists[language] ?? [] }

    private static let lists: [String: Set<String>] = [
        "en": words(
            """
            a about an and any are as at be been but by can could did do does for from had has have he her his how i if \
            in into is it its me my no not of on or our she should so such that the their them then there these they \
            this to us was we were what when where which who why will with would you your
            """),
        "de": words(
            """
            aber als am an auch auf aus bei bin bis bist da das dass dem den der des die du ein eine einem einen einer \
            eines er es für hat habe haben ich ihr im in ist ja mit nach nicht noch oder sich sie sind so und uns von \
            vor war was wie wir wird wo zu zum zur über
            """),
        "fr": words(
            """
            a au aux avec ce ces cette comme dans de des du elle en est et eux il ils je la le les leur lui mais me mon \
            ne nos notre nous on ou où par pas pour qu que quel quelle qui sa se ses son sont sur ta te tu un une vos \
            votre vous été
            """),
        "es": words(
            """
            a al como con cuando de del donde e el ella ellos en era es esa ese eso esta este esto fue ha hay la las le \
            les lo los me mi muy más no nos o para pero por que qué se ser si sin sobre son su sus también te tu un una \
            uno y ya yo
            """),
        "it": words(
            """
            a ad ai al alla che chi ci come con da dal de dei del della delle di e ed gli ha ho i il in io la le lei lo \
            loro lui ma mi ne nel nella noi non o per perché più quale quando questa questo se si sono su sua suo ti tra \
            tu un una uno è
            """),
        "pt": words(
            """
            a ao aos as com como da das de do dos e ela ele em entre era essa esse esta este eu foi há isso isto já lhe \
            mais mas me meu na nas no nos não nós o os ou para pela pelo por qual quando que quem se sem seu sua são \
            também te tem um uma você à é
            """),
        "nl": words(
            """
            aan al als bij dat de der deze die dit door een en er het hij hoe ik in is je kan maar me men met mij naar \
            niet nog of om onder ook op te tot uit van voor waar was wat we wel wij zal ze zich zij zijn zo zou
            """),
    ]

    private static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }
}
