/// Single values: what their rules allow, and what of them is kept.
extension EventDecoder {
    /// Reads the text of a field of texts, by far the most frequent values.
    @inline(__always)
    mutating func text(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        scanner.cursor += 1
        let text = try scanner.string()
        keep(text, for: field)
        mark(field, &state)
        if text.count > field.pointee.maximum || text.count < field.pointee.minimum {
            checkLength(text, field, &state)
        }
    }

    /// Reads the value of a field, of which `first` is the first byte; a string for a text is read by `text`. A value of the wrong type is an error at once; one that breaks another
    /// rule is noted, since a later duplicate may take its place.
    mutating func value(
        _ first: UInt8, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState,
        _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        if first == UInt8(ascii: "n") {
            try scanner.null()
            empty(field, &state)
            return
        }
        switch field.pointee.kind {
        case .text: throw .expectedString
        case .integer:
            let integer = try scanner.integer()
            keep(UInt64(bitPattern: integer), for: field)
            mark(field, &state)
            if integer < field.pointee.minimum { violate(field, &state, "min(\(field.pointee.minimum))") }
        case .boolean:
            keep(try scanner.boolean() ? 1 : 0, for: field)
            mark(field, &state)
        case .number:
            if first == UInt8(ascii: "N"), scanner.skipNaN() { return }
            let number = try scanner.number()
            keep(number.bitPattern, for: field)
            mark(field, &state)
            if number < field.pointee.leastNumber { violate(field, &state, "min(\(Int(field.pointee.leastNumber)))") }
        case .object:
            guard let child = field.pointee.child else { return }
            try object(child, &scanner)
            if states[child.pointee.state].set != 0 { mark(field, &state) }
        case .objects: try objects(field, &state, &scanner)
        case .timestamp: try timestamp(first, field, &state, &scanner)
        case .outcome: try outcome(first, field, &state, &scanner)
        case .labels: try labels(field, &state, &scanner)
        default: try rareValue(first, field, &state, &scanner)
        }
    }

    private mutating func rareValue(
        _ first: UInt8, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState,
        _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        switch field.pointee.kind {
        case .serviceName: try serviceName(first, field, &state, &scanner)
        case .textOrInteger, .port: try textOrInteger(first, field, &state, &scanner)
        case .headers: try headers(field, &state, &scanner)
        case .map: try map(field, &state, &scanner)
        case .marks: try marks(field, &state, &scanner)
        case .samples: try samples(field, &state, &scanner)
        case .texts, .numbers, .counts: try array(field, &state, &scanner)
        case .causes:
            causes += 1
            defer { causes -= 1 }
            if causes > Self.maximumCauses { try scanner.skip() } else { try objects(field, &state, &scanner) }
        case .body:
            try scanner.skip()
            mark(field, &state)
            if first != UInt8(ascii: "\""), first != UInt8(ascii: "{") {
                violate(field, &state, "inputTypes(string;object)")
            }
        case .any:
            try scanner.skip()
            mark(field, &state)
        case .textIfAny where first == UInt8(ascii: "\""):
            let text = try string(first, &scanner)
            mark(field, &state)
            if text.count > field.pointee.maximum { checkLength(text, field, &state) }
        case .objectIfAny where first == UInt8(ascii: "{"):
            guard let child = field.pointee.child else { return }
            try object(child, &scanner)
            if states[child.pointee.state].set != 0 { mark(field, &state) }
        default:
            try scanner.skip()
        }
    }

    @inline(__always)
    func string(_ first: UInt8, _ scanner: inout JSONScanner) throws(JSONFailure) -> JSONText {
        guard first == UInt8(ascii: "\"") else { throw .expectedString }
        scanner.cursor += 1
        return try scanner.string()
    }

    /// Notes that a field is set, and that what an earlier duplicate did wrong is forgotten.
    @inline(__always)
    mutating func mark(_ field: UnsafePointer<CompiledField>, _ state: inout ObjectState) {
        state.set |= field.pointee.bit
        state.bad &= ~field.pointee.bit
        captured |= field.pointee.captureBit
    }

    /// A null empties collections; other fields keep what an earlier duplicate said.
    private mutating func empty(_ field: UnsafePointer<CompiledField>, _ state: inout ObjectState) {
        switch field.pointee.kind {
        case .labels: labels.removeAll(keepingCapacity: true)
        case .objects, .causes, .texts, .numbers, .counts, .map, .samples: break
        default: return
        }
        state.set &= ~field.pointee.bit
        state.bad &= ~field.pointee.bit
    }

    /// Notes that a field breaks a rule.
    mutating func violate(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ rule: @autoclosure () -> String
    ) {
        note(field, &state) { "'\($0)': validation rule '\(rule())' violated" }
    }

    mutating func note(
        _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState, _ message: (String) -> String
    ) {
        state.bad |= field.pointee.bit
        violations.append(Violation(field: field, message: explains ? message(key(of: field)) : ""))
    }

    /// Notes that a text is too short or too long.
    mutating func checkLength(
        _ text: JSONText, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState
    ) {
        if text.count < field.pointee.minimum {
            violate(field, &state, "minLength(\(field.pointee.minimum))")
        } else if isTooLong(text, field.pointee.maximum) {
            violate(field, &state, "maxLength(\(field.pointee.maximum))")
        }
    }

    /// Whether a text has more than so many code points; bytes as sent are never fewer.
    mutating func isTooLong(_ text: JSONText, _ maximum: Int) -> Bool {
        text.count > maximum && CodePoints.count(bytes(of: text)) > maximum
    }
}
