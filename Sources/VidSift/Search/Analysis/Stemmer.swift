import CStemmer

/// One of Snowball's stemming algorithms (https://snowballstem.org), through libstemmer.
///
/// Its handle has state: it must not be used by two threads at once.
final class Stemmer {
    private let handle: OpaquePointer

    /// Nil when Snowball has no algorithm for the language (an ISO 639 code such as "en").
    init?(language: String) {
        guard !language.isEmpty, let handle = sb_stemmer_new(language, "UTF_8") else { return nil }
        self.handle = handle
    }

    deinit { sb_stemmer_delete(handle) }

    /// The stem of one lower-case word in UTF-8.
    func stem(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        word.withUnsafeBufferPointer { bytes in
            guard let stem = sb_stemmer_stem(handle, bytes.baseAddress, Int32(bytes.count)) else { return word }
            return Array(UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(handle))))[...]
        }
    }
}
