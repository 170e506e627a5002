internal import Foundation

/// What `scripts/setup` installs beside the program.
enum InstalledTools {
    private static let folder = ".tools"
    /// Folders above the program that are looked into: it lies in `.build/<platform>/release` of a checkout.
    private static let levels = 5

    /// Where a tool is, in the current folder's checkout or in the one that the program was built in; nil where it is in
    /// neither.
    static func find(_ name: String) -> String? {
        candidates(name).first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Where a tool is, or is to be installed.
    static func path(_ name: String) -> String {
        find(name) ?? candidates(name)[0]
    }

    private static func candidates(_ name: String) -> [String] {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        if let program = Bundle.main.executableURL { folder = program.resolvingSymlinksInPath() }
        var folders = [URL(fileURLWithPath: FileManager.default.currentDirectoryPath)]
        for _ in 0..<levels {
            folder = folder.deletingLastPathComponent()
            folders.append(folder)
        }
        return folders.map { $0.appendingPathComponent(Self.folder).appendingPathComponent(name).path }
    }
}
