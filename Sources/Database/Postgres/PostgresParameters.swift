internal import CPostgres

/// The values of a statement as libpq takes them: gathered in one buffer that is used again and again.
///
/// Numbers, truth values, times and bytes go in binary form; a text goes as text, so that the server can make of it
/// whatever the statement wants.
final class PostgresParameters {
    /// What `PQsendQueryParams` and its like take, valid while the closure runs.
    struct List {
        let count: CInt
        let types: UnsafePointer<Oid>?
        let values: UnsafePointer<UnsafePointer<CChar>?>?
        let lengths: UnsafePointer<CInt>?
        let formats: UnsafePointer<CInt>?
    }

    private var types: [Oid] = []
    private var pointers: [UnsafePointer<CChar>?] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []
    /// Where each value begins in `bytes`; -1 for `NULL`, -2 for what is lent.
    private var places: [Int] = []
    private var bytes: [UInt8] = []

    private static let null = -1
    private static let lent = -2
    /// A buffer that has grown beyond this is not kept.
    private static let keptBytes = 1 << 20

    func withList<R>(_ values: [SQLValue], _ body: (List) throws -> R) throws -> R {
        removeAll()
        defer { if bytes.capacity > Self.keptBytes { bytes = [] } }
        for value in values { try append(value) }
        // An empty value needs an address as well: none would be NULL.
        bytes.append(0)
        return try bytes.withUnsafeBytes { gathered in
            for (index, place) in places.enumerated() where place >= 0 {
                pointers[index] = gathered.baseAddress?.advanced(by: place).assumingMemoryBound(to: CChar.self)
            }
            return try lend(values, from: 0, body)
        }
    }

    private func removeAll() {
        types.removeAll(keepingCapacity: true)
        pointers.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    private func append(_ value: SQLValue) throws {
        types.append(PostgresType.parameterOid(of: value))
        pointers.append(nil)
        let start = bytes.count
        var isText = false
        switch value {
        case .null:
            places.append(Self.null)
            lengths.append(0)
            formats.append(0)
            return
        case .blob(let blob) where blob.count >= PostgresLimits.lentBytes:
            guard let length = CInt(exactly: blob.count) else {
                throw DatabaseError(.tooLarge, "A value is larger than the database can take.")
            }
            places.append(Self.lent)
            lengths.append(length)
            formats.append(1)
            return
        case .integer(let number): append(number)
        case .real(let number): append(number.bitPattern)
        case .boolean(let flag): bytes.append(flag ? 1 : 0)
        case .time(let microseconds): append(PostgresTime.encode(microseconds))
        case .blob(let blob): bytes.append(contentsOf: blob)
        case .text(let text):
            // libpq takes it up to its first NUL; a text with one inside was refused before it came here.
            isText = true
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        places.append(start)
        lengths.append(CInt(clamping: bytes.count - start))
        formats.append(isText ? 0 : 1)
    }

    private func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Lends the large values where they lie, one inside the other, then calls the body.
    private func lend<R>(_ values: [SQLValue], from start: Int, _ body: (List) throws -> R) throws -> R {
        guard let index = places[start...].firstIndex(of: Self.lent), case .blob(let blob) = values[index] else {
            return try list(body)
        }
        return try blob.withUnsafeBytes { bytes in
            pointers[index] = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return try lend(values, from: index + 1, body)
        }
    }

    private func list<R>(_ body: (List) throws -> R) throws -> R {
        try types.withUnsafeBufferPointer { types in
            try pointers.withUnsafeBufferPointer { pointers in
                try lengths.withUnsafeBufferPointer { lengths in
                    try formats.withUnsafeBufferPointer { formats in
                        try body(
                            List(
                                count: CInt(types.count), types: types.baseAddress, values: pointers.baseAddress,
                                lengths: lengths.baseAddress, formats: formats.baseAddress))
                    }
                }
            }
        }
    }
}
