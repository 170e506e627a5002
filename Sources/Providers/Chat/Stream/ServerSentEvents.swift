/// Reads a stream of server-sent events (WHATWG HTML, section 9.2): bytes go in as they come, split anywhere; the data of
/// one event after the other comes out. Names, ids and retry times of events are passed over.
struct ServerSentEvents: Sendable {
    /// A longer line ends the reading.
    static let maximumLine = 1 << 20
    /// The data of an event, of all its lines together.
    static let maximumEvent = 1 << 20

    /// The stream is no stream of events that can be kept in memory.
    enum Failure: Error { case lineTooLong, eventTooLarge }

    /// The data of the event that ``next()`` found, its lines joined by line feeds.
    private(set) var data: [UInt8] = []
    private var unread: [UInt8] = []
    /// Where the line begins that is being read.
    private var position = 0
    /// Up to where there is no line's end.
    private var searched = 0
    private var endedWithCarriageReturn = false
    private var isFirstLine = true
    private var isComplete = false

    /// Takes what came. Every event of it is to be fetched with ``next()`` before more is given.
    mutating func append(_ bytes: some Sequence<UInt8>) {
        unread.removeFirst(position)
        searched -= position
        position = 0
        unread.append(contentsOf: bytes)
    }

    /// Goes on to the next event that has come completely; false when there is none.
    mutating func next() throws(Failure) -> Bool {
        beginEvent()
        while let line = try nextLine() {
            if !line.isEmpty {
                try take(line)
            } else if !data.isEmpty {
                isComplete = true
                return true
            }
        }
        return false
    }

    /// Goes on to an event whose blank line never came, because the stream has ended; false when there is none.
    mutating func end() throws(Failure) -> Bool {
        beginEvent()
        if position < unread.count {
            try take(stripped(position..<unread.count))
            position = unread.count
            searched = position
        }
        isComplete = true
        return !data.isEmpty
    }

    private mutating func beginEvent() {
        if isComplete { data.removeAll(keepingCapacity: true) }
        isComplete = false
    }

    /// A line without its end: LF, CR or CR LF.
    private mutating func nextLine() throws(Failure) -> Range<Int>? {
        if endedWithCarriageReturn, position < unread.count {
            endedWithCarriageReturn = false
            if unread[position] == Byte.lineFeed { position += 1 }
            searched = max(searched, position)
        }
        guard let end = unread[searched...].firstIndex(where: { $0 == Byte.lineFeed || $0 == Byte.carriageReturn })
        else {
            searched = unread.count
            guard searched - position <= Self.maximumLine else { throw .lineTooLong }
            return nil
        }
        guard end - position <= Self.maximumLine else { throw .lineTooLong }
        let line = stripped(position..<end)
        isFirstLine = false
        endedWithCarriageReturn = unread[end] == Byte.carriageReturn
        position = end + 1
        searched = position
        return line
    }

    /// A stream may begin with a byte order mark.
    private func stripped(_ line: Range<Int>) -> Range<Int> {
        guard isFirstLine, unread[line].starts(with: [0xEF, 0xBB, 0xBF]) else { return line }
        return line.lowerBound + 3..<line.upperBound
    }

    private mutating func take(_ line: Range<Int>) throws(Failure) {
        let bytes = unread[line]
        guard bytes.starts(with: Self.dataField) else { return }
        var value = bytes.dropFirst(Self.dataField.count)
        if let mark = value.popFirst() {
            guard mark == Byte.colon else { return }  // Another field, whose name is longer.
            if value.first == Byte.blank { value.removeFirst() }
        }
        guard data.count + value.count < Self.maximumEvent else { throw .eventTooLarge }
        if !data.isEmpty { data.append(Byte.lineFeed) }
        data.append(contentsOf: value)
    }

    private static let dataField = Array("data".utf8)
}
