/// One Swift file, taken apart as far as the layering needs it.
struct SourceFile {
    /// Relative to the package, as `Sources/VidSift/Ask/Answer.swift`.
    var path: String
    var lineCount: Int
    /// The modules it imports.
    var imports: [Mention]
    /// The types it declares at file level and lets other files see.
    var types: [Mention]
    /// The names of all types it declares, nested and private ones too.
    var allTypeNames: Set<String>
    /// Every identifier that stands in code (not in a comment, not in a string, not behind a dot).
    var mentions: [Mention]
    /// The contents of its string literals.
    var literals: [Mention]

    /// A text and the line (from 1) where it stands.
    struct Mention: Hashable {
        var text: String
        var line: Int
    }

    init(path: String, source: String) {
        var scanner = SourceScanner(source)
        scanner.scan()
        self.path = path
        lineCount = scanner.line
        literals = scanner.literals
        mentions = scanner.words.filter { !$0.isMember }.map { Mention(text: $0.text, line: $0.line) }
        imports = Self.imports(in: scanner.words)
        let declared = Self.declarations(in: scanner.words)
        types = declared.filter(\.isVisible).map(\.mention)
        allTypeNames = Set(declared.map(\.mention.text))
    }

    private static func imports(in words: [SourceScanner.Word]) -> [Mention] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return words.indices.compactMap { index in
            guard words[index].text == "import", !words[index].isMember, words[index].depth == 0 else { return nil }
            let name = words[(index + 1)...].first { !kinds.contains($0.text) }
            return name.map { Mention(text: $0.text, line: $0.line) }
        }
    }

    private static func declarations(in words: [SourceScanner.Word]) -> [(mention: Mention, isVisible: Bool)] {
        let kinds: Set = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        return words.indices.dropLast().compactMap { index in
            let (word, name) = (words[index], words[index + 1])
            guard !word.isMember, kinds.contains(word.text), name.text.first?.isUppercase == true,
                !isImport(index, in: words)
            else { return nil }
            return (Mention(text: name.text, line: name.line), word.depth == 0 && !isPrivate(index, in: words))
        }
    }

    private static func isPrivate(_ index: Int, in words: [SourceScanner.Word]) -> Bool {
        words[..<index].suffix(3).contains {
            $0.line == words[index].line && ["private", "fileprivate"].contains($0.text)
        }
    }

    private static func isImport(_ index: Int, in words: [SourceScanner.Word]) -> Bool {
        index > 0 && words[index - 1].text == "import"
    }
}
