internal import Hummingbird

extension API {
    /// `GET /openapi.yaml`
    func openAPIDocument(_ request: Request, _ context: APIContext) async throws -> Response {
        .text(Self.openAPI, type: "application/yaml")
    }

    /// The description of the interface.
    package static let openAPI = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)
}
