#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The files of the embedded model, read with clear errors.
enum ModelFile {
    /// A larger vocabulary is not read; fewer bytes than ``VocabularyTrie`` can number its prefixes.
    static let maximumVocabulary = 8 << 20

    /// The bytes of a file.
    ///
    /// - Throws: ``ProviderError/Kind/notInstalled`` when it is missing, ``ProviderError/Kind/damaged`` when it is empty,
    ///   unreadable or larger than `limit`.
    static func read(_ path: String, atMost limit: Int) throws -> [UInt8] {
        let size = try requireContents(path)
        guard size <= limit else { throw damaged(path, "larger than \(limit) bytes") }
        guard let file = fopen(path, "rb") else { throw damaged(path, "cannot be opened") }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, file)
        }
        guard bytes.count == size else { throw damaged(path, "cannot be read") }
        return bytes
    }

    /// The size of a file that is there and not empty.
    @discardableResult
    static func requireContents(_ path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ProviderError(
                .notInstalled, "The embedded model is not installed: \(name(path)) is missing.", detail: path)
        }
        guard status.st_size > 0, status.st_mode & S_IFMT == S_IFREG else { throw damaged(path, "empty") }
        return Int(status.st_size)
    }

    private static func damaged(_ path: String, _ what: String) -> ProviderError {
        ProviderError(.damaged, "The embedded model's file \(name(path)) is \(what).", detail: path)
    }

    private static func name(_ path: String) -> Substring { path.split(separator: "/").last ?? path[...] }
}
