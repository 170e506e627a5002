internal import Foundation
internal import NIOCore

/// What the headers of a form's part say.
struct ContentDisposition: Sendable, Hashable {
    var name: String
    var fileName: String?

    /// - Parameter header: the lines of the headers.
    init(_ header: ByteBuffer) throws(MultipartError) {
        guard let text = String(validating: header.readableBytesView, as: UTF8.self) else {
            throw .malformed("the headers of a part are not UTF-8")
        }
        let lines = text.split(separator: "\r\n").map { $0.split(separator: ":", maxSplits: 1) }
        let line = lines.first { $0.count == 2 && $0[0].lowercased() == "content-disposition" }
        guard let line else { throw .malformed("a part has no Content-Disposition") }
        let disposition = HeaderParameters(String(line[1]))
        guard disposition.value.lowercased() == "form-data", let name = disposition["name"] else {
            throw .malformed("a part has no name")
        }
        self.name = name
        fileName = (disposition.extended("filename") ?? disposition["filename"]).flatMap(Self.lastComponent)
    }

    /// The last component of a path in any system's form; nil where nothing is left that can be a file's name.
    static func lastComponent(of path: String) -> String? {
        let name = path.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? ""
        let clean = String(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.map(Character.init))
            .trimmed
        guard !clean.isEmpty, clean != ".", clean != "..", clean.utf8.count <= MultipartForm.maximumFileNameBytes else {
            return nil
        }
        return clean
    }
}

/// A header's value and the parameters behind it: `form-data; name="file"; filename="a.vtt"`.
struct HeaderParameters: Sendable, Hashable {
    let value: String
    private var parameters: [String: String] = [:]

    init(_ text: String) {
        var rest = text[...]
        value = String(Self.take(&rest) { $0 != ";" }).trimmed
        while rest.popFirst() != nil {
            let name = String(Self.take(&rest) { $0 != "=" && $0 != ";" }).trimmed.lowercased()
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            Self.skipSpaces(&rest)
            let value = rest.first == "\"" ? Self.takeQuoted(&rest) : String(Self.take(&rest) { $0 != ";" }).trimmed
            if parameters[name] == nil { parameters[name] = value }
        }
    }

    subscript(name: String) -> String? { parameters[name] }

    /// A parameter in the extended form `name*=UTF-8''percent-encoded` (RFC 8187).
    func extended(_ name: String) -> String? {
        guard let text = parameters[name + "*"] else { return nil }
        let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return parts[2].removingPercentEncoding
    }

    private static func take(_ rest: inout Substring, while isTaken: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: isTaken)
        rest = rest[taken.endIndex...]
        return taken
    }

    private static func skipSpaces(_ rest: inout Substring) {
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
    }

    /// Browsers write `\"` or `%22` for a quotation mark and leave other backslashes alone: so does this.
    private static func takeQuoted(_ rest: inout Substring) -> String {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", rest.first == "\"" || rest.first == "\\" {
                text.append(rest.removeFirst())
            } else {
                text.append(character)
            }
        }
        _ = take(&rest) { $0 != ";" }
        return text.replacing("%22", with: "\"")
    }
}
