internal import Foundation

/// Which of our environment variables a program gets to see: a list of what is allowed, so that no key can leak by
/// being forgotten.
enum ChildEnvironment {
    /// What programs need to find files, name a language, and reach the network as the owner's proxy and certificates
    /// say.
    static let allowed: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH",
        "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    ]

    /// The part of `variables` that a program may see.
    static func allowed(of variables: [String: String]) -> [String: String] {
        variables.filter { allowed.contains($0.key) }
    }

    /// The part of our own environment that a program may see.
    static var inherited: [String: String] { allowed(of: ProcessInfo.processInfo.environment) }
}
