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

    /// Which folder names a type of a folder that is not below it. A name that the folder itself (be it nested or
    /// private) or a lower one declares as well is taken for that one.
    private func mentionViolations(in files: [SourceFile]) -> [String] {
        let declared = declaredTypes(in: files)
        return files.flatMap { file -> [String] in
            guard let rule = rule(for: file), let height = rule.height else { return [] }
            let own = namesDeclared(in: rule.folder, of: files)
            let lower = Set(declared.filter { $0.height < height }.map(\.name))
            let foreign = owners(of: declared.filter { $0.folder != rule.folder && $0.height >= height })
            return file.mentions.compactMap { mention in
                guard let owner = foreign[mention.text], !own.contains(mention.text), !lower.contains(mention.text)
                else { return nil }
                return "\(file.path):\(mention.line) names \(mention.text) of \(owner); \(rule.folder) is not above it"
            }
        }
    }

    private func namesDeclared(in folder: String, of files: [SourceFile]) -> Set<String> {
        files.filter { $0.path.hasPrefix("Sources/\(folder)/") }.reduce(into: []) { $0.formUnion($1.allTypeNames) }
    }

    private func owners(of types: [DeclaredType]) -> [String: String] {
        Dictionary(types.map { ($0.name, $0.folder) }, uniquingKeysWith: { first, _ in first })
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

    private func rule(for file: SourceFile) -> LayerRule? {
        rules.first { file.path.hasPrefix("Sources/\($0.folder)/") }
    }
}

extension LayeringCheck {
    /// Every Swift file of the package's own folders; hidden ones (`.build`) hold what is not ours.
    static func packageFiles() throws -> [SourceFile] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        return try ["Sources", "Tests", "Benchmarks"].flatMap { folder in
            try swiftFiles(in: root.appending(path: folder)).map { path in
                let source = try String(contentsOf: root.appending(path: "\(folder)/\(path)"), encoding: .utf8)
                return SourceFile(path: "\(folder)/\(path)", source: source)
            }
        }
    }

    private static func swiftFiles(in folder: URL) -> [String] {
        guard let paths = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        return paths.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".swift") && !"/\($0)".contains("/.") }
            .sorted()
    }
}
