import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import TestDatabases

/// Chromium without a window, as W3C's WebDriver protocol drives it.
struct Browser: Sendable {
    /// What the browser says instead of doing it.
    struct Failure: Error {
        var command: String
        var answer: String
    }

    /// Chromium's own sandbox needs rights that root and containers don't have; it sees our own pages only. With the pipe
    /// it ends when its driver does.
    private static let arguments = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
        "--no-first-run", "--remote-debugging-pipe",
    ]
    /// Of an element in an answer.
    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"
    private static let maximumAnswerBytes = 16 << 20

    private let address: String

    /// Runs a browser of its own, which nobody has used before, for as long as `body` runs.
    static func run(_ body: (Browser) async throws -> Void) async throws {
        let driver = try BrowserDriver()
        defer { driver.stop() }
        let root = "http://127.0.0.1:\(driver.port)/session"
        let options = ["goog:chromeOptions": ["args": arguments]]
        let session = try await send("POST", root, ["capabilities": ["alwaysMatch": options]])
        guard let id = (session as? [String: Any])?["sessionId"] as? String else {
            throw Failure(command: root, answer: "\(session)")
        }
        let browser = Browser(address: "\(root)/\(id)")
        do {
            try await body(browser)
        } catch {
            // What went wrong inside says more than a failure to end.
            _ = try? await send("DELETE", browser.address)
            throw error
        }
        _ = try await send("DELETE", browser.address)
    }

    func open(_ url: String) async throws { try await perform("url", ["url": url]) }

    /// A window of a phone or of a desk, in CSS pixels.
    func resize(width: Int, height: Int) async throws {
        let metrics: [String: Any] = ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500]
        try await perform("goog/cdp/execute", ["cmd": "Emulation.setDeviceMetricsOverride", "params": metrics])
    }

    /// Presses what a CSS selector finds, and waits for the page that comes of it.
    func press(_ selector: String) async throws {
        let found = try await perform("element", ["using": "css selector", "value": selector])
        guard let element = (found as? [String: Any])?[Self.elementKey] as? String else {
            throw Failure(command: selector, answer: "\(found)")
        }
        try await evaluate("window.isOld = true")
        try await perform("element/\(element)/click")
        try await eventually("the next page is there") {
            // Between two pages there is none that could be asked.
            let isThere = try? await evaluate("window.isOld === undefined && document.readyState === 'complete'")
            return isThere as? Bool == true
        }
    }

    /// The words on the page, as somebody sees them.
    func text() async throws -> String { try await evaluate("document.body.innerText") as? String ?? "" }

    /// What an expression comes to on the page.
    @discardableResult
    func evaluate(_ expression: String) async throws -> Any {
        try await perform("execute/sync", ["script": "return \(expression)", "args": [String]()])
    }

    @discardableResult
    private func perform(_ command: String, _ body: [String: Any] = [:]) async throws -> Any {
        try await Self.send("POST", "\(address)/\(command)", body)
    }

    /// - Returns: the value of the answer.
    private static func send(_ method: String, _ url: String, _ body: [String: Any]? = nil) async throws -> Any {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: try JSONSerialization.data(withJSONObject: body)))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        let answer = try await response.body.collect(upTo: maximumAnswerBytes)
        let object = try JSONSerialization.jsonObject(with: Data(answer.readableBytesView)) as? [String: Any]
        guard response.status == .ok, let value = object?["value"] else {
            throw Failure(command: url, answer: String(buffer: answer))
        }
        return value
    }
}
