/// Addresses, tags and typed times: what is taken out.
extension AnswerScanner {
    mutating func takeWord(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if scalar == ":", scheme.isScheme { return hold(scalar, .scheme) }
        switch scheme.take(scalar) {
        case .begins: held.append(scalar)
        case .host: beginAddress(isAutolink: false)
        case .none:
            release(&tokens)
            take(scalar, &tokens)
        }
    }

    mutating func takeScheme(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        let slashes = held.reversed().prefix { $0 == "/" }.count
        if slashes == 0, scheme.isOpaque, !scalar.isBlank, !scalar.opensBracket {
            beginAddress(isAutolink: false)
        } else if scalar == "/" {
            held.append(scalar)
            if slashes == 1 { beginAddress(isAutolink: false) }
        } else {
            release(&tokens)
            take(scalar, &tokens)
        }
    }

    mutating func takeColon(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if scalar == "/" {
            held.append(scalar)
            if held.count == 3 { beginAddress(isAutolink: false) }
        } else {
            let isInNumber = previous.digit != nil && held.count == 1 && scalar.digit != nil
            release(&tokens)
            if isInNumber { emit(" ", &tokens) }
            take(scalar, &tokens)
        }
    }

    /// `held` is from here on the last character of the address where it is a mark that may belong to the sentence.
    private mutating func beginAddress(isAutolink: Bool) {
        held.removeAll(keepingCapacity: true)
        self.isAutolink = isAutolink
        state = .address
    }

    mutating func takeAddress(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if scalar == ">", isAutolink {
            removed(&tokens)
        } else if scalar.isBlank || Self.isAfterAddress(scalar) {
            endAddress(&tokens)
            take(scalar, &tokens)
        } else {
            held.removeAll(keepingCapacity: true)
            if Self.isMark(scalar) { held.append(scalar) }
        }
    }

    mutating func endAddress(_ tokens: inout [AnswerToken]) {
        let mark = held.first
        removed(&tokens)
        if let mark { emit(mark, &tokens) }
    }

    /// What ends an address besides white space.
    private static func isAfterAddress(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "\"", "(", ")", "[", "]", "【", "】", "［", "］", "。", "，", "、", "！", "？", "“", "”", "«", "»", "「",
            "」":
            true
        default: false
        }
    }

    /// What may belong to the sentence where an address ends with it.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", ",", ";", "!", "?": true
        default: false
        }
    }
}

extension AnswerScanner {
    mutating func takeTag(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if held.isEmpty, scalar == "!" || scalar == "?" {
            state = .markup(length: 0)
            return
        }
        let name = held.first == "/" ? String(heldWord.dropFirst()) : heldWord
        if held.isEmpty && scalar == "/" || scalar.isASCIILetter || (!name.isEmpty && scalar.digit != nil) {
            held.append(scalar)
            if held.count > HTMLElements.longestName + 1 { releaseTag(&tokens) }
        } else if scalar == ":", !name.isEmpty {
            beginAddress(isAutolink: true)
        } else if HTMLElements.contains(name), scalar == ">" || scalar == "/" || scalar.isBlank && !previous.isWordPart
        {
            scalar == ">" ? removed(&tokens) : beginMarkup(&tokens)
        } else {
            releaseTag(&tokens)
            take(scalar, &tokens)
        }
    }

    private mutating func beginMarkup(_ tokens: inout [AnswerToken]) {
        removed(&tokens)
        state = .markup(length: 0)
    }

    private mutating func releaseTag(_ tokens: inout [AnswerToken]) {
        let name = held
        held.removeAll(keepingCapacity: true)
        state = .text
        emit("<", &tokens)
        for scalar in name { take(scalar, &tokens) }
    }

    mutating func takeMarkup(_ scalar: Unicode.Scalar, _ length: Int) {
        let isOver = scalar == ">" || length >= Self.maximumSkipped
        state = isOver ? .text : .markup(length: length + 1)
    }

    mutating func takeTime(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if TypedTimes.continues(scalar) {
            held.append(scalar)
            if held.count >= Self.maximumHeld { releaseTimes(&tokens, isWhole: false) }
        } else {
            releaseTimes(&tokens, isWhole: true)
            take(scalar, &tokens)
        }
    }

    /// Gives out the run without its times.
    ///
    /// - Parameter isWhole: false where the run goes on: its last number may be the beginning of a time.
    mutating func releaseTimes(_ tokens: inout [AnswerToken], isWhole: Bool) {
        let pieces = TypedTimes.pieces(of: held)
        held.removeAll(keepingCapacity: true)
        state = .text
        for (place, piece) in pieces.enumerated() {
            if piece.isTime, !spokenTimes.contains(TypedTimes.name(piece.scalars)) {
                removed(&tokens)
            } else if !isWhole, place > 0, place == pieces.count - 1 {
                held = Array(piece.scalars)
                state = .time
            } else {
                for scalar in piece.scalars { emit(scalar, &tokens) }
            }
        }
    }
}
