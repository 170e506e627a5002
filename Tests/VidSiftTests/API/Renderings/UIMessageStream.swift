import Foundation

/// A UI message stream as strictly as the AI SDK's clients read it.
///
/// The shapes are those of its `uiMessageChunkSchema`, as far as versions 5 and 6 both know them: a field that is not
/// named here fails, and so does a null. The order is what its state machine wants, and that of its own server.
struct UIMessageStream {
    /// Why a client would refuse the stream.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var parts: [[String: Any]] = []
    private(set) var text = ""
    private var openTexts: Set<String> = []
    private var ids: Set<String> = []

    init(_ body: String) throws {
        guard body.hasSuffix("\n\n") else { throw Violation(description: "the last event has no end") }
        let events = body.dropLast(2).components(separatedBy: "\n\n").filter { !$0.hasPrefix(": ") }
        guard events.last == "data: [DONE]" else { throw Violation(description: "[DONE] is not last") }
        for event in events.dropLast() { try add(event) }
        guard ["finish", "error", "abort"].contains(types.last) else {
            throw Violation(description: "the last part is \(types.last ?? "none")")
        }
        guard openTexts.isEmpty else { throw Violation(description: "\(openTexts) was not ended") }
    }

    var types: [String] { parts.compactMap { $0["type"] as? String } }

    func all(_ type: String) -> [[String: Any]] {
        parts.filter { $0["type"] as? String == type }
    }

    private mutating func add(_ event: String) throws {
        guard event.hasPrefix("data: "), !event.contains("\n") else {
            throw Violation(description: "not one line of data: \(event)")
        }
        let object = try JSONSerialization.jsonObject(with: Data(event.dropFirst(6).utf8))
        guard let part = object as? [String: Any], let type = part["type"] as? String else {
            throw Violation(description: "no part: \(event)")
        }
        try Self.check(part, type)
        try checkOrder(part, type)
        parts.append(part)
    }

    private mutating func checkOrder(_ part: [String: Any], _ type: String) throws {
        guard (type == "start") == parts.isEmpty else { throw Violation(description: "\(type) at \(parts.count)") }
        guard !["finish", "error", "abort"].contains(types.last) else {
            throw Violation(description: "\(type) after the end")
        }
        let id = part["id"] as? String ?? ""
        switch type {
        case "text-start":
            guard ids.insert("text \(id)").inserted else { throw Violation(description: "\(id) begins twice") }
            openTexts.insert(id)
        case "text-delta":
            guard openTexts.contains(id) else { throw Violation(description: "\(id) is not open") }
            text += part["delta"] as? String ?? ""
        case "text-end":
            guard openTexts.remove(id) != nil else { throw Violation(description: "\(id) is not open") }
        case "source-url":
            let source = part["sourceId"] as? String ?? ""
            guard ids.insert("source \(source)").inserted else { throw Violation(description: "\(source) is there") }
        default: break
        }
    }
}

// MARK: - The schema

extension UIMessageStream {
    private enum Value {
        case text, truth, object, anything

        func fits(_ value: Any) -> Bool {
            switch self {
            case .text: value is String
            case .truth: value is Bool
            case .object: value is [String: Any]
            case .anything: true
            }
        }
    }

    private struct Shape {
        var required: [String: Value] = [:]
        var optional: [String: Value] = [:]
    }

    private static let shapes: [String: Shape] = [
        "start": Shape(optional: ["messageId": .text, "messageMetadata": .anything]),
        "start-step": Shape(),
        "finish-step": Shape(),
        "text-start": Shape(required: ["id": .text], optional: ["providerMetadata": .object]),
        "text-delta": Shape(required: ["id": .text, "delta": .text], optional: ["providerMetadata": .object]),
        "text-end": Shape(required: ["id": .text], optional: ["providerMetadata": .object]),
        "reasoning-start": Shape(required: ["id": .text], optional: ["providerMetadata": .object]),
        "reasoning-delta": Shape(required: ["id": .text, "delta": .text], optional: ["providerMetadata": .object]),
        "reasoning-end": Shape(required: ["id": .text], optional: ["providerMetadata": .object]),
        "source-url": Shape(
            required: ["sourceId": .text, "url": .text], optional: ["title": .text, "providerMetadata": .object]),
        "source-document": Shape(
            required: ["sourceId": .text, "mediaType": .text, "title": .text],
            optional: ["filename": .text, "providerMetadata": .object]),
        "file": Shape(required: ["url": .text, "mediaType": .text], optional: ["providerMetadata": .object]),
        "message-metadata": Shape(required: ["messageMetadata": .anything]),
        "finish": Shape(optional: ["messageMetadata": .anything]),
        "abort": Shape(),
        "error": Shape(required: ["errorText": .text]),
    ]
    private static let data = Shape(required: ["data": .anything], optional: ["id": .text, "transient": .truth])

    private static func check(_ part: [String: Any], _ type: String) throws {
        guard let shape = type.hasPrefix("data-") ? data : shapes[type] else {
            throw Violation(description: "unknown type \(type)")
        }
        guard !hasNull(part) else { throw Violation(description: "\(type) has a null: \(part)") }
        for (name, value) in shape.required {
            guard let found = part[name], value.fits(found) else {
                throw Violation(description: "\(type).\(name) is missing or wrong: \(part)")
            }
        }
        for (name, found) in part where name != "type" && shape.required[name] == nil {
            guard let value = shape.optional[name], value.fits(found) else {
                throw Violation(description: "\(type).\(name) is unknown or wrong: \(part)")
            }
        }
    }

    private static func hasNull(_ value: Any) -> Bool {
        switch value {
        case is NSNull: true
        case let object as [String: Any]: object.values.contains(where: hasNull)
        case let list as [Any]: list.contains(where: hasNull)
        default: false
        }
    }
}
