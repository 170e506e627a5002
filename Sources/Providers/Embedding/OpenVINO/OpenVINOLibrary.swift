internal import COpenVINO
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// OpenVINO's C functions, looked up by name in a library that is opened while the program runs.
///
/// The library stays open until the process ends: it starts threads, and closing it under them is not safe.
struct OpenVINOLibrary: Sendable {
    let version: ov_get_openvino_version_function
    let freeVersion: ov_version_free_function
    let lastErrorMessage: ov_get_last_err_msg_function
    let freeText: ov_free_function
    let createCore: ov_core_create_function
    let freeCore: ov_core_free_function
    let readModel: ov_core_read_model_function
    let compileModel: ov_core_compile_model_props_function
    let freeModel: ov_model_free_function
    let inputNamed: ov_compiled_model_port_by_name_function
    let elementType: ov_port_get_element_type_function
    let freePort: ov_output_const_port_free_function
    let createRequest: ov_compiled_model_create_infer_request_function
    let freeCompiledModel: ov_compiled_model_free_function
    let setTensor: ov_infer_request_set_tensor_function
    let infer: ov_infer_request_infer_function
    let outputTensor: ov_infer_request_get_output_tensor_by_index_function
    let freeRequest: ov_infer_request_free_function
    let createTensor: ov_tensor_create_from_host_ptr_function
    let tensorSize: ov_tensor_get_size_function
    let tensorByteSize: ov_tensor_get_size_function
    let tensorData: ov_tensor_data_function
    let freeTensor: ov_tensor_free_function

    /// Opens `libopenvino_c` in `folder`.
    ///
    /// - Throws: ``ProviderError/Kind/notInstalled`` when there is none, ``ProviderError/Kind/incompatible`` when it cannot
    ///   be opened or lacks a function.
    init(folder: String) throws {
        let path = Self.resolved(try Self.path(in: folder))
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let detail = dlerror().map { String(cString: $0) }
            throw ProviderError(.incompatible, "The OpenVINO library cannot be opened on this machine.", detail: detail)
        }
        let functions = SymbolTable(handle: handle)
        version = try functions["ov_get_openvino_version"]
        freeVersion = try functions["ov_version_free"]
        lastErrorMessage = try functions["ov_get_last_err_msg"]
        freeText = try functions["ov_free"]
        createCore = try functions["ov_core_create"]
        freeCore = try functions["ov_core_free"]
        readModel = try functions["ov_core_read_model"]
        compileModel = try functions["ov_core_compile_model_props"]
        freeModel = try functions["ov_model_free"]
        inputNamed = try functions["ov_compiled_model_input_by_name"]
        elementType = try functions["ov_port_get_element_type"]
        freePort = try functions["ov_output_const_port_free"]
        createRequest = try functions["ov_compiled_model_create_infer_request"]
        freeCompiledModel = try functions["ov_compiled_model_free"]
        setTensor = try functions["ov_infer_request_set_tensor"]
        infer = try functions["ov_infer_request_infer"]
        outputTensor = try functions["ov_infer_request_get_output_tensor_by_index"]
        freeRequest = try functions["ov_infer_request_free"]
        createTensor = try functions["ov_tensor_create_from_host_ptr"]
        tensorSize = try functions["ov_tensor_get_size"]
        tensorByteSize = try functions["ov_tensor_get_byte_size"]
        tensorData = try functions["ov_tensor_data"]
        freeTensor = try functions["ov_tensor_free"]
    }

    /// The version that the library reports, such as `2026.4.1-22982`.
    var versionText: String? {
        var answer = ov_version()
        guard version(&answer) == 0 else { return nil }
        defer { freeVersion(&answer) }
        return answer.build_number.map { String(cString: $0) }
    }

    /// Throws `kind` with the library's own words unless `status` is success.
    func check(_ status: ov_status, _ kind: ProviderError.Kind, _ reason: String) throws {
        guard status != 0 else { return }
        throw failure(kind, reason)
    }

    /// An error that carries the library's last message.
    func failure(_ kind: ProviderError.Kind, _ reason: String) -> ProviderError {
        guard let message = lastErrorMessage() else { return ProviderError(kind, reason) }
        defer { freeText(message) }
        return ProviderError(kind, reason, detail: String(cString: message))
    }

    /// The path of `libopenvino_c.so`, with or without a version behind it, or of the macOS library.
    static func path(in folder: String) throws -> String {
        guard let entries = opendir(folder) else { throw notInstalled(folder) }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("libopenvino_c.so") || name == "libopenvino_c.dylib" { names.append(name) }
        }
        guard let newest = names.max() else { throw notInstalled(folder) }
        return "\(folder)/\(newest)"
    }

    /// The file itself, where `path` is a link: OpenVINO looks for its parts beside the path that it was opened by, each time
    /// a model is read, and a link may be gone by then.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func notInstalled(_ folder: String) -> ProviderError {
        ProviderError(
            .notInstalled, "The embedded model is not installed (no OpenVINO library in its folder).", detail: folder)
    }
}

/// Looks functions up by name; a missing one means that the library is another version.
private struct SymbolTable {
    let handle: UnsafeMutableRawPointer

    subscript<Function>(name: String) -> Function {
        get throws {
            guard let symbol = dlsym(handle, name) else {
                throw ProviderError(
                    .incompatible, "The OpenVINO library has no function \(name): another version is installed.")
            }
            // The declared types in COpenVINO are those of OpenVINO's headers; dlsym knows no types.
            return unsafeBitCast(symbol, to: Function.self)
        }
    }
}
