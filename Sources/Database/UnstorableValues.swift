internal import Foundation

extension SQLValue {
    /// Refuses a text with a NUL: one engine can't store it, so neither does.
    func refuseUnstorable() throws {
        guard case .text(var text) = self, text.withUTF8({ $0.holdsNUL }) else { return }
        throw DatabaseError(.unstorableText, "A text holds a NUL character, which can't be stored.")
    }
}

extension SQL {
    /// Refuses what no engine takes.
    func check() throws {
        guard values.count <= Self.maximumValues else {
            throw DatabaseError(.tooLarge, "A statement binds more than \(Self.maximumValues) values.")
        }
        for value in values { try value.refuseUnstorable() }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate var holdsNUL: Bool {
        guard let baseAddress else { return false }
        return memchr(baseAddress, 0, count) != nil
    }
}
