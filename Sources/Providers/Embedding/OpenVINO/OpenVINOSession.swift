internal import COpenVINO

/// A loaded model, ready to compute: OpenVINO's core, compiled model and one inference request.
///
/// Not Sendable: it lives and dies on the thread of ``OpenVINOEngine``.
final class OpenVINOSession {
    private let library: OpenVINOLibrary
    private let core: OpaquePointer
    private let model: OpaquePointer
    private let request: OpaquePointer
    private let idType: ov_element_type

    static let inputNames = ["input_ids", "attention_mask", "token_type_ids"]
    /// What the model takes for each token: the bytes of one id (int64).
    private static let bytesPerIdentifier = 8

    /// Reads and compiles the model at `path`.
    init(library: OpenVINOLibrary, modelPath path: String, properties: [(key: String, value: String)]) throws {
        self.library = library
        let core = try made {
            library.createCore(&$0)
        } orThrow: {
            library.failure(.incompatible, "OpenVINO does not start.")
        }
        var ready = false
        defer { if !ready { library.freeCore(core) } }
        let source = try made {
            library.readModel(core, path, nil, &$0)
        } orThrow: {
            library.failure(.damaged, "The model file cannot be read by OpenVINO.")
        }
        defer { library.freeModel(source) }
        let model = try made { compiled in
            withCProperties(properties) {
                library.compileModel(core, source, "CPU", $0.count, $0.baseAddress, &compiled)
            }
        } orThrow: {
            library.failure(.damaged, "The model cannot be compiled for this processor.")
        }
        defer { if !ready { library.freeCompiledModel(model) } }
        idType = try Self.commonInputType(of: model, library)
        request = try made {
            library.createRequest(model, &$0)
        } orThrow: {
            library.failure(.computation, "OpenVINO does not accept requests.")
        }
        self.core = core
        self.model = model
        ready = true
    }

    deinit {
        library.freeRequest(request)
        library.freeCompiledModel(model)
        library.freeCore(core)
    }

    /// Runs the model once and hands its output, `rows * length * dimensions` numbers, to `body`.
    ///
    /// - Parameters:
    ///   - identifiers: `rows * length` token ids, row-major, padded with anything.
    ///   - mask: 1 for a token, 0 for padding, in the same shape.
    func run<Result>(
        identifiers: inout [Int64], mask: inout [Int64], types: inout [Int64], rows: Int, length: Int, dimensions: Int,
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        precondition(identifiers.count >= rows * length && mask.count >= rows * length && types.count >= rows * length)
        return try identifiers.withUnsafeMutableBytes { identifiers in
            try mask.withUnsafeMutableBytes { mask in
                try types.withUnsafeMutableBytes { types in
                    var inputs: [OpaquePointer] = []
                    defer { inputs.forEach(library.freeTensor) }
                    for (name, bytes) in zip(Self.inputNames, [identifiers, mask, types]) {
                        inputs.append(try set(name, bytes, rows: rows, length: length))
                    }
                    try library.check(library.infer(request), .computation, "The embedded model failed to compute.")
                    return try withOutput(count: rows * length * dimensions, body)
                }
            }
        }
    }

    private func set(
        _ name: String, _ bytes: UnsafeMutableRawBufferPointer, rows: Int, length: Int
    ) throws -> OpaquePointer {
        var dimensions = [Int64(rows), Int64(length)]
        let tensor = try dimensions.withUnsafeMutableBufferPointer { dimensions in
            let shape = ov_shape(rank: 2, dims: dimensions.baseAddress)
            return try made {
                library.createTensor(idType, shape, bytes.baseAddress, &$0)
            } orThrow: {
                library.failure(.computation, "OpenVINO does not accept the tokens.")
            }
        }
        var byteSize = 0
        guard library.tensorByteSize(tensor, &byteSize) == 0, byteSize == rows * length * Self.bytesPerIdentifier,
            library.setTensor(request, name, tensor) == 0
        else {
            library.freeTensor(tensor)
            throw library.failure(.damaged, "The model's input \(name) does not take 64-bit numbers.")
        }
        return tensor
    }

    private func withOutput<Result>(
        count: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        let output = try made {
            library.outputTensor(request, 0, &$0)
        } orThrow: {
            library.failure(.computation, "The embedded model gave no output.")
        }
        defer { library.freeTensor(output) }
        var size = 0
        var data: UnsafeMutableRawPointer?
        try library.check(library.tensorSize(output, &size), .computation, "The output has no size.")
        try library.check(library.tensorData(output, &data), .computation, "The output has no data.")
        guard size == count, let data else {
            throw ProviderError(
                .wrongDimensions, "The embedded model gave \(size) numbers where \(count) were expected.")
        }
        return try body(UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count))
    }

    /// The element type of the three inputs, which must be one and the same.
    private static func commonInputType(
        of model: OpaquePointer, _ library: OpenVINOLibrary
    ) throws -> ov_element_type {
        let types = try inputNames.map { name in
            let port = try made {
                library.inputNamed(model, name, &$0)
            } orThrow: {
                library.failure(.damaged, "The model has no input \(name).")
            }
            defer { library.freePort(port) }
            var type: ov_element_type = 0
            try library.check(library.elementType(port, &type), .damaged, "The input \(name) has no type.")
            return type
        }
        guard let first = types.first, types.allSatisfy({ $0 == first }) else {
            throw ProviderError(.damaged, "The inputs of the model have different types.")
        }
        return first
    }
}

/// The object that a C call of the form `status call(…, object **out)` makes.
private func made(
    _ call: (inout OpaquePointer?) throws -> ov_status, orThrow failure: () -> ProviderError
) throws -> OpaquePointer {
    var object: OpaquePointer?
    guard try call(&object) == 0, let object else { throw failure() }
    return object
}

/// Lends `properties` to C for the length of the call.
private func withCProperties<Result>(
    _ properties: [(key: String, value: String)], _ body: (UnsafeBufferPointer<ov_property>) -> Result
) -> Result {
    let texts = properties.map { (Array($0.key.utf8CString), Array($0.value.utf8CString)) }
    func lend(_ rest: ArraySlice<([CChar], [CChar])>, _ lent: [ov_property]) -> Result {
        guard let next = rest.first else { return lent.withUnsafeBufferPointer(body) }
        return next.0.withUnsafeBufferPointer { key in
            next.1.withUnsafeBufferPointer { value in
                lend(rest.dropFirst(), lent + [ov_property(key: key.baseAddress, value: value.baseAddress)])
            }
        }
    }
    return lend(texts[...], [])
}
