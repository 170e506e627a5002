/// A page for a message. There is no way to make one but from a ``MailDocument``, which escapes what it is given.
public struct MailHTML: Sendable, Equatable {
    /// The page's source.
    public let source: String

    /// Renders a document.
    init(_ document: MailDocument) {
        let body = document.blocks.map(Self.block).joined(separator: "\n")
        source = """
            <!DOCTYPE html>
            <html lang="\(Self.escaped(document.language))">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
            <body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a;background:#ffffff">
            <div style="max-width:560px;margin:0 auto">
            \(body)
            </div>
            </body>
            </html>

            """
    }

    // `dir="auto"`: a title may be in a script that runs from right to left.
    private static func block(_ block: MailDocument.Block) -> String {
        switch block {
        case .heading(let text):
            "<h1 dir=\"auto\" style=\"font-size:20px;margin:0 0 16px\">\(escaped(text))</h1>"
        case .paragraph(let parts):
            "<p dir=\"auto\" style=\"margin:0 0 16px\">\(inline(parts))</p>"
        case .list(let items):
            "<ul style=\"margin:0 0 16px;padding-left:24px\">\n"
                + items.map { "<li dir=\"auto\">\(inline($0))</li>\n" }.joined() + "</ul>"
        case .button(let text, let link):
            "<p style=\"margin:0 0 16px\"><a href=\"\(escaped(link.url))\" style=\"display:inline-block;"
                + "padding:10px 16px;background:#1a56c4;color:#ffffff;text-decoration:none;border-radius:6px\">"
                + "\(escaped(text))</a></p>"
        case .footer(let parts):
            "<p dir=\"auto\" style=\"margin:32px 0 0;font-size:13px;color:#666666\">\(inline(parts))</p>"
        }
    }

    private static func inline(_ parts: [MailDocument.Inline]) -> String {
        parts.map { part in
            switch part {
            case .text(let text): escaped(text)
            case .strong(let text): "<strong>\(escaped(text))</strong>"
            case .link(let text, let link): "<a href=\"\(escaped(link.url))\">\(escaped(text))</a>"
            }
        }.joined()
    }

    /// `text` as it stands for itself in an element and in an attribute.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in MailDocument.line(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
