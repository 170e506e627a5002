import Testing

@testable import Providers

@Suite("A webhook's URL")
struct WebhookURLTests {
    @Test(
        "is put together again so that every program reads it alike",
        arguments: [
            ("https://example.com", "https://example.com/", "example.com"),
            ("HTTPS://Example.COM:8443/a/b?c=d&e=%20", "https://example.com:8443/a/b?c=d&e=%20", "example.com"),
            ("http://example.com./x", "http://example.com/x", "example.com"),
            ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example"),
            ("http://127.0.0.1:4000/", "http://127.0.0.1:4000/", "127.0.0.1"),
            ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]:80/", "2001:db8::1"),
            ("http://my_host/", "http://my_host/", "my_host"), ("http://a.b?x", "http://a.b/?x", "a.b"),
        ])
    func taken(text: String, whole: String, host: String) throws {
        let url = try WebhookURL(text)
        #expect("\(url)" == whole && url.host == host)
        #expect(try WebhookURL("\(url)") == url)
    }

    @Test(
        "that is none, or can be read in two ways, is refused with a reason",
        arguments: [
            "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd", "gopher://example.com",
            "javascript:alert(1)", "http://", "http:///path", "http://user@example.com/", "http://user:pw@example.com/",
            "http://example.com@127.0.0.1/", "http://example.com#@127.0.0.1/", "http://example.com\\@127.0.0.1/",
            "http://example.com /", "http://example.com\r\nHost: x/", "http://exa\0mple.com/", "http://2130706433/",
            "http://0x7f000001/", "http://127.1/", "http://0177.0.0.1/", "http://127.0.0.1.5/", "http://1.0x7f/",
            "http://[::1%25lo]/", "http://[::1", "http://example..com/", "http://-a.com/", "http://a,b/",
            "http://%31.com/",
            "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/", "http://example.com/#part",
            "http://" + String(repeating: "a", count: 300) + ".com/",
            "http://example.com/" + String(repeating: "a", count: 2048),
            "unix:///run/x.sock", "http+unix://%2Frun%2Fx.sock/",
        ])
    func refused(text: String) {
        let refusal = #expect(throws: WebhookURL.Refusal.self) { try WebhookURL(text) }
        #expect(refusal?.description.hasSuffix(".") == true)
    }

    @Test("in circled or wide digits is the address that it looks like")
    func disguises() throws {
        for text in ["http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://127。0。0。1/"] {
            guard let url = try? WebhookURL(text) else { continue }
            #expect(url.address?.range == .loopback, "\(text)")
        }
    }
}
