/// The languages by the names that transcribers give them.
enum SpokenLanguage {
    /// The code (ISO 639) of a language that is named by its English name or its code; nil for what is neither.
    static func code(_ name: String) -> String? {
        let name = name.lowercased()
        if let code = codes[name] { return code }
        return (2...3).contains(name.count) && name.allSatisfy({ $0.isASCII && $0.isLetter }) ? name : nil
    }

    /// What a transcriber may be told of a language: `pt` for `pt-BR`. Nil for one that Whisper does not know: endpoints
    /// refuse a file for it, where they would have found the language themselves.
    static func hint(_ tag: String) -> String? {
        let code = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return known.contains(code) ? code : nil
    }

    private static let known = Set(codes.values)

    private static let codes = Dictionary(
        uniqueKeysWithValues: names.split(separator: ";").map { entry in
            let words = entry.split(separator: " ")
            return (words.dropLast().joined(separator: " "), String(words.last ?? ""))
        })

    /// Whisper's languages (openai/whisper, tokenizer.py).
    private static let names = """
        english en;chinese zh;german de;spanish es;russian ru;korean ko;french fr;japanese ja;portuguese pt;turkish tr;\
        polish pl;catalan ca;dutch nl;arabic ar;swedish sv;italian it;indonesian id;hindi hi;finnish fi;vietnamese vi;\
        hebrew he;ukrainian uk;greek el;malay ms;czech cs;romanian ro;danish da;hungarian hu;tamil ta;norwegian no;\
        thai th;urdu ur;croatian hr;bulgarian bg;lithuanian lt;latin la;maori mi;malayalam ml;welsh cy;slovak sk;\
        telugu te;persian fa;latvian lv;bengali bn;serbian sr;azerbaijani az;slovenian sl;kannada kn;estonian et;\
        macedonian mk;breton br;basque eu;icelandic is;armenian hy;nepali ne;mongolian mn;bosnian bs;kazakh kk;\
        albanian sq;swahili sw;galician gl;marathi mr;punjabi pa;sinhala si;khmer km;shona sn;yoruba yo;somali so;\
        afrikaans af;occitan oc;georgian ka;belarusian be;tajik tg;sindhi sd;gujarati gu;amharic am;yiddish yi;lao lo;\
        uzbek uz;faroese fo;haitian creole ht;pashto ps;turkmen tk;nynorsk nn;maltese mt;sanskrit sa;luxembourgish lb;\
        myanmar my;tibetan bo;tagalog tl;malagasy mg;assamese as;tatar tt;hawaiian haw;lingala ln;hausa ha;bashkir ba;\
        javanese jv;sundanese su;cantonese yue
        """
}
