/// Character references of XML and HTML: `&amp;`, `&#39;`, `&#x2019;`.
enum Entities {
    /// How long a reference may be, `&` and `;` included.
    static let maximumBytes = 12

    /// The character whose reference begins at `index`, and the first byte after it; nil when it is plain text.
    static func decode(_ bytes: Bytes, at index: Int) -> (Unicode.Scalar, next: Int)? {
        let limit = min(bytes.count, index + maximumBytes)
        var end = index + 1
        while end < limit, bytes[end].isLetter || bytes[end].isDigit || bytes[end] == 0x23 { end += 1 }
        guard end < limit, bytes[end] == 0x3B, end > index + 1 else { return nil }
        let name = bytes[index + 1..<end]
        guard let scalar = name[0] == 0x23 ? number(name) : named[name.string] else { return nil }
        return (scalar, end + 1)
    }

    private static func number(_ name: Bytes) -> Unicode.Scalar? {
        let isHexadecimal = name.at(1) | 0x20 == 0x78
        guard
            let value = UInt32(
                name[min(isHexadecimal ? 2 : 1, name.count)..<name.count].string, radix: isHexadecimal ? 16 : 10)
        else { return nil }
        if value >= 0x80, value < 0xA0 { return Unicode.Scalar(0xFFFD) }
        return Unicode.Scalar(value)
    }

    /// The names that captions use: XML's five, Latin-1 letters, and punctuation.
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "lrm": "\u{200E}",
        "rlm": "\u{200F}", "zwj": "\u{200D}", "zwnj": "\u{200C}", "shy": "\u{AD}", "ensp": "\u{2002}",
        "emsp": "\u{2003}",
        "thinsp": "\u{2009}", "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“",
        "rdquo": "”", "bdquo": "„", "laquo": "«", "raquo": "»", "lsaquo": "‹", "rsaquo": "›", "hellip": "…",
        "bull": "•",
        "middot": "·", "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "copy": "©", "reg": "®", "trade": "™",
        "deg": "°", "plusmn": "±", "times": "×", "divide": "÷", "frac12": "½", "frac14": "¼", "sup2": "²", "sup3": "³",
        "micro": "µ", "para": "¶", "sect": "§", "iexcl": "¡", "iquest": "¿", "ordm": "º", "ordf": "ª", "sung": "♪",
        "agrave": "à", "aacute": "á", "acirc": "â", "atilde": "ã", "auml": "ä", "aring": "å", "aelig": "æ",
        "ccedil": "ç", "egrave": "è", "eacute": "é", "ecirc": "ê", "euml": "ë", "igrave": "ì", "iacute": "í",
        "icirc": "î", "iuml": "ï", "ntilde": "ñ", "ograve": "ò", "oacute": "ó", "ocirc": "ô", "otilde": "õ",
        "ouml": "ö", "oslash": "ø", "oelig": "œ", "ugrave": "ù", "uacute": "ú", "ucirc": "û", "uuml": "ü",
        "yacute": "ý", "yuml": "ÿ", "szlig": "ß", "eth": "ð", "thorn": "þ", "Agrave": "À", "Aacute": "Á", "Acirc": "Â",
        "Atilde": "Ã", "Auml": "Ä", "Aring": "Å", "AElig": "Æ", "Ccedil": "Ç", "Egrave": "È", "Eacute": "É",
        "Ecirc": "Ê", "Euml": "Ë", "Igrave": "Ì", "Iacute": "Í", "Icirc": "Î", "Iuml": "Ï", "Ntilde": "Ñ",
        "Ograve": "Ò", "Oacute": "Ó", "Ocirc": "Ô", "Otilde": "Õ", "Ouml": "Ö", "Oslash": "Ø", "OElig": "Œ",
        "Ugrave": "Ù", "Uacute": "Ú", "Ucirc": "Û", "Uuml": "Ü", "Yacute": "Ý", "ETH": "Ð", "THORN": "Þ",
    ]
}
