internal import Foundation

extension Settings {
    /// The origins of web pages that may call: those that are set, and that of our own pages. Behind a proxy these have
    /// another address than the server itself, and their forms say so.
    var callingOrigins: [String] {
        let parts = URLComponents(string: publicURL)
        guard let scheme = parts?.scheme, let host = parts?.encodedHost else { return allowedOrigins }
        return allowedOrigins + ["\(scheme)://\(host)\(parts?.port.map { ":\($0)" } ?? "")"]
    }
}
