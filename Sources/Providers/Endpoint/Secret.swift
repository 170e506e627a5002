/// A text that must not be seen: it prints as `[secret]`, however it is printed.
public struct Secret: Sendable, Equatable, ExpressibleByStringLiteral, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    package let value: String

    /// Wraps a text.
    public init(_ value: String) { self.value = value }

    /// Wraps a literal.
    public init(stringLiteral value: String) { self.init(value) }

    /// `text` without this secret in it: the other side may repeat what it was given.
    func struckOut(of text: String) -> String {
        value.isEmpty ? text : text.split(separator: value, omittingEmptySubsequences: false).joined(separator: "[key]")
    }

    /// Never the value.
    public var description: String { "[secret]" }
    /// Never the value.
    public var debugDescription: String { "[secret]" }
    /// Never the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
