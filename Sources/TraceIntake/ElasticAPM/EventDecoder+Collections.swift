/// Arrays and maps.
extension EventDecoder {
    /// An array of objects, each of which is judged for itself.
    mutating func objects(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        guard let child = field.pointee.child else { return }
        state.set &= ~field.pointee.bit
        state.bad &= ~field.pointee.bit
        guard try scanner.enterArray() else { return }
        scanner.depth += 1
        mark(field, &state)
        let outer = isSuspect
        var place = RecentElements.start(of: child)
        repeat {
            if field.pointee.isRemembered, let known = recent.skip(child, behind: place, &scanner) {
                place = known
                continue
            }
            isSuspect = false
            _ = scanner.token()
            let start = scanner.cursor
            try element(child, &scanner)
            let isSet = states[child.pointee.state].set != 0
            if field.pointee.isRemembered, isSet, !isSuspect {
                let sent = UnsafeBufferPointer(start: start, count: scanner.cursor - start)
                place = recent.keep(sent, child, behind: place)
            } else if isSuspect || !isSet, state.bad & field.pointee.bit == 0 {
                let failure = isSet ? firstFailure(child).map { ": \($0)" } : " slice element required"
                if let failure { note(field, &state) { $0 + failure } }
            }
        } while try scanner.anotherElement()
        isSuspect = outer
        scanner.depth -= 1
    }

    /// Reads an object into a state of its own, which is empty after a null.
    private mutating func element(
        _ shape: UnsafePointer<CompiledShape>, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        let first = shape.pointee.state
        (states + first).update(repeating: ObjectState(), count: shape.pointee.endState - first)
        if scanner.token() == UInt8(ascii: "n") { try scanner.null() } else { try object(shape, &scanner) }
    }

    /// An array of strings or numbers, in which nulls pass.
    mutating func array(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        state.set &= ~field.pointee.bit
        state.bad &= ~field.pointee.bit
        guard try scanner.enterArray() else { return }
        mark(field, &state)
        repeat {
            let first = scanner.token()
            if first == UInt8(ascii: "n") {
                try scanner.null()
                continue
            }
            switch field.pointee.kind {
            case .numbers: _ = try scanner.number()
            case .counts: _ = try scanner.unsignedInteger()
            default:
                let text = try string(first, &scanner)
                if isTooLong(text, field.pointee.maximum), state.bad & field.pointee.bit == 0 {
                    violate(field, &state, "maxLength(\(field.pointee.maximum))")
                }
            }
        } while try scanner.anotherElement()
    }

    /// An object of anything, which is set where it has a member.
    mutating func map(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        guard try scanner.enterObject() else { return }
        mark(field, &state)
        scanner.depth += 1
        repeat {
            _ = try scanner.key()
            try scanner.skip()
        } while try scanner.anotherMember()
        scanner.depth -= 1
    }

    /// Labels, which are kept. Those of an object that comes twice are merged.
    mutating func labels(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        guard try scanner.enterObject() else { return }
        mark(field, &state)
        scanner.depth += 1
        repeat {
            let key = try scanner.key()
            let first = scanner.token()
            var label = SentLabel(key: key, value: key, kind: .null)
            switch first {
            case UInt8(ascii: "\""):
                label.value = try string(first, &scanner)
                label.kind = .text
                if isTooLong(label.value, 1024) { violate(field, &state, "maxLengthVals(1024)") }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                label.value = try scanner.numberToken().text
                label.kind = .number
            case UInt8(ascii: "t"), UInt8(ascii: "f"):
                label.kind = try scanner.boolean() ? .yes : .no
            case UInt8(ascii: "n"):
                try scanner.null()
            default:
                try scanner.skip()
                let name = String(decoding: bytes(of: key), as: UTF8.self)
                note(field, &state) {
                    "'\($0)': validation rule 'inputTypesVals(string;bool;number)' violated for key \(name)"
                }
            }
            labels.append(label)
        } while try scanner.anotherMember()
        scanner.depth -= 1
    }

    /// Headers of a request or a message.
    mutating func headers(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        mark(field, &state)
        guard try scanner.enterObject() else { return }
        repeat {
            _ = try scanner.key()
            let first = scanner.token()
            if first == UInt8(ascii: "\"") {
                _ = try string(first, &scanner)
                continue
            }
            guard first == UInt8(ascii: "[") else { throw .invalidHeader }
            guard try scanner.enterArray() else { continue }
            repeat {
                let element = scanner.token()
                guard element == UInt8(ascii: "\"") else { throw .invalidHeader }
                _ = try string(element, &scanner)
            } while try scanner.anotherElement()
        } while try scanner.anotherMember()
    }

    /// Marks: groups of numbers by name.
    mutating func marks(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        guard try scanner.enterObject() else { return }
        mark(field, &state)
        repeat {
            _ = try scanner.key()
            if scanner.token() == UInt8(ascii: "n") {
                try scanner.null()
                continue
            }
            guard try scanner.enterObject() else { continue }
            repeat {
                _ = try scanner.key()
                if scanner.token() == UInt8(ascii: "n") { try scanner.null() } else { _ = try scanner.number() }
            } while try scanner.anotherMember()
        } while try scanner.anotherMember()
    }

    /// The samples of a metricset, by name.
    mutating func samples(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        guard let child = field.pointee.child, try scanner.enterObject() else { return }
        scanner.depth += 1
        mark(field, &state)
        let outer = isSuspect
        repeat {
            let name = bytes(of: try scanner.key())
            if name.starts(with: "span.self_time.".utf8) { captured |= 1 << UInt64(Capture.selfTime.rawValue) }
            let isAllowed = !name.contains(UInt8(ascii: "*")) && !name.contains(UInt8(ascii: "\""))
            isSuspect = false
            try element(child, &scanner)
            guard state.bad & field.pointee.bit == 0 else { continue }
            if isSuspect || states[child.pointee.state].set == 0, let failure = firstFailure(child) {
                note(field, &state) { "\($0): \(failure)" }
            } else if !isAllowed {
                violate(field, &state, "patternKeys(patternNoAsteriskQuote)")
            }
        } while try scanner.anotherMember()
        isSuspect = outer
        scanner.depth -= 1
    }
}
