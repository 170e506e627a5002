package import Hummingbird
internal import Foundation
internal import Logging
internal import NIOCore

/// What is known of a request besides its bytes.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Under which the log has what an answer doesn't tell.
    let requestID: String
    /// Who asks.
    let caller: Caller
    /// The connection, to end it.
    let connection: any NIOCore.Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        // A log handler that keeps no metadata has none of the ids that the framework made either.
        requestID = source.logger[metadataKey: "hb.request.id"]?.description ?? RequestID().description
        caller = .owner
        connection = source.channel
    }

    /// The path's `:id`, decoded.
    ///
    /// - Throws: `Problem` where it is no text.
    func pathID() throws -> String {
        try pathText("id")
    }

    /// A part of the path, decoded.
    ///
    /// - Throws: `Problem` where it is no text.
    func pathText(_ name: String) throws -> String {
        // No name holds a NUL: no database could store it.
        guard let id = parameters.get(name)?.removingPercentEncoding, !id.isEmpty, !id.utf8.contains(0) else {
            throw Problem.notFound("There is nothing at this address.")
        }
        return id
    }
}

/// Who asks: sessions and messages belong to him.
struct Caller: Sendable, Hashable {
    let id: String

    /// Without a credential the server listens on loopback only, and whoever reaches it is its owner.
    static let owner = Caller(id: "owner")

    /// Whether everything may be seen and ended by him.
    var isAdministrator: Bool { self == .owner }

    /// Whether what was asked for by `requester` is his business, too; for anyone else it does not exist.
    func mayManage(requester: String) -> Bool {
        isAdministrator || requester == id
    }

    /// - Throws: `Problem` where it is not an administrator who asks.
    func requireAdministrator() throws {
        guard isAdministrator else { throw Problem.forbidden("Only an administrator may do this.") }
    }
}
