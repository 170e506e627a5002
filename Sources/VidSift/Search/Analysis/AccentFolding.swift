/// Takes the accents off Latin letters, so that "uber" finds "über" and "espanol" finds "español".
enum AccentFolding {
    /// The plain spelling of lower-case Latin text in UTF-8; what isn't an accented Latin letter stays as it is.
    static func fold(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard word.contains(where: { (0xC3...0xC8).contains($0) }) else { return word }
        var folded: [UInt8] = []
        var at = word.startIndex
        while at < word.endIndex {
            let byte = word[at]
            if (0xC3...0xC8).contains(byte), at + 1 < word.endIndex {
                let value = (UInt32(byte) & 0x1F) << 6 | UInt32(word[at + 1] & 0x3F)
                if let plain = plain(value) {
                    folded.append(contentsOf: plain.utf8)
                } else {
                    folded.append(contentsOf: word[at...at + 1])
                }
                at += 2
            } else {
                folded.append(byte)
                at += 1
            }
        }
        return folded[...]
    }

    private static func plain(_ value: UInt32) -> String? {
        switch value {
        case 0xDF: "ss"
        case 0xE0...0xE5, 0x100...0x105: "a"
        case 0xE6: "ae"
        case 0xE7, 0x106...0x10D: "c"
        case 0xE8...0xEB, 0x112...0x11B: "e"
        case 0xEC...0xEF, 0x128...0x131: "i"
        case 0xF0, 0x10E...0x111: "d"
        case 0xF1, 0x143...0x14B: "n"
        case 0xF2...0xF6, 0xF8, 0x14C...0x151: "o"
        case 0xF9...0xFC, 0x168...0x173: "u"
        case 0xFD, 0xFF, 0x176...0x178: "y"
        case 0xFE: "th"
        default: plainExtended(value)
        }
    }

    private static func plainExtended(_ value: UInt32) -> String? {
        switch value {
        case 0x11C...0x123: "g"
        case 0x124...0x127: "h"
        case 0x132...0x133: "ij"
        case 0x134...0x135: "j"
        case 0x136...0x138: "k"
        case 0x139...0x142: "l"
        case 0x152...0x153: "oe"
        case 0x154...0x159: "r"
        case 0x15A...0x161, 0x17F, 0x218...0x219: "s"
        case 0x162...0x167, 0x21A...0x21B: "t"
        case 0x174...0x175: "w"
        case 0x179...0x17E: "z"
        default: nil
        }
    }
}
