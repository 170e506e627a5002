import Foundation

/// Holds the sources against the rule book; every breach is one line with file, line and rule.
struct LayeringCheck {
    var rules = LayerRule.all

    func violations(in files: [SourceFile]) -> [String] {
        let sources = files.filter { $0.path.hasPrefix("Sources/") }
        return files.flatMap(shapeViolations) + sources.flatMap(folderViolations) + mentionViolations(in: sources)
    }

    // MARK: One file at a time

    private func shapeViolations(in file: SourceFile) -> [String] {
        var found: [String] = []
        if file.lineCount > LayerRule.longestFile {
            found.append("\(file.path) has \(file.lineCount) lines; a file has at most \(LayerRule.longestFile)")
        }
        let stem = file.path.split(separator: "/").last?.split(separator: ".").first ?? ""
        for name in LayerRule.atticNames where stem.hasSuffix(name) || file.path.contains("/\(name)/") {
            found.append("\(file.path) is called \(name): name it by what it is for")
        }
        return found
    }

    private func folderViolations(in file: SourceFile) -> [String] {
        guard let rule = rule(for: file) else {
            return ["\(file.path) is in a folder without a rule: add it to LayerRule.all"]
        }
        return importViolations(in: file, rule) + sqlViolations(in: file, rule)
    }

    private func importViolations(in file: SourceFile, _ rule: LayerRule) -> [String] {
        guard let allowed = rule.imports else { return [] }
        return file.imports.filter { !allowed.contains($0.text) }.map {
            "\(file.path):\($0.line) imports \($0.text); \(rule.folder) may not"
        }
    }

    private func sqlViolations(in file: SourceFile, _ rule: LayerRule) -> [String] {
        guard !rule.holdsSQL else { return [] }
        return file.literals.filter { isSQL($0.text) }.map {
            "\(file.path):\($0.line) holds SQL; \(rule.folder) may not"
        }
    }

    private func isSQL(_ literal: String) -> Bool {
        let words = literal.drop(while: \.isWhitespace)
        return ["SELECT ", "SELECT\n", "INSERT ", "UPDATE ", "DELETE FROM ", "CREATE TABLE "].contains(
            where: words.hasPrefix)
    }

    // MARK: One module, many folders

    /// Which folder names a type of a folder that is not below it. A name that the folder itself or a lower one
    /// declares as well is taken for that one.
    private func mentionViolations(in files: [SourceFile]) -> [String] {
        let declared = declaredTypes(in: files)
        return files.flatMap { file -> [String] in
            guard let rule = rule(for: file), let height = rule.height else { return [] }
            let known = types(of: declared) { $0.folder == rule.folder || $0.height < height }
            let foreign = types(of: declared) { $0.folder != rule.folder && $0.height >= height }
            return file.mentions.compactMap { mention in
                guard !known.keys.contains(mention.text), let owner = foreign[mention.text] else { return nil }
                return "\(file.path):\(mention.line) names \(mention.text) of \(owner); \(rule.folder) is not above it"
            }
        }
    }

    private struct DeclaredType {
        var name: String
        var folder: String
        var height: Int
    }

    private func declaredTypes(in files: [SourceFile]) -> [DeclaredType] {
        files.flatMap { file -> [DeclaredType] in
            guard let rule = rule(for: file), let height = rule.height else { return [] }
            return file.types.map { DeclaredType(name: $0.text, folder: rule.folder, height: height) }
        }
    }

    private func types(of all: [DeclaredType], where isWanted: (DeclaredType) -> Bool) -> [String: String] {
        Dictionary(all.filter(isWanted).map { ($0.name, $0.folder) }, uniquingKeysWith: { first, _ in first })
    }

    private func rule(for file: SourceFile) -> LayerRule? {
        rules.first { file.path.hasPrefix("Sources/\($0.folder)/") }
    }
}

extension LayeringCheck {
    /// Every Swift file of the package's own folders.
    static func packageFiles() throws -> [SourceFile] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        return try ["Sources", "Tests", "Benchmarks"].flatMap { folder -> [SourceFile] in
            let paths = FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.compactMap {
                $0 as? String
            }
            return try (paths ?? []).filter { $0.hasSuffix(".swift") }.sorted().map { path in
                let source = try String(contentsOf: root.appending(path: "\(folder)/\(path)"), encoding: .utf8)
                return SourceFile(path: "\(folder)/\(path)", source: source)
            }
        }
    }
}
