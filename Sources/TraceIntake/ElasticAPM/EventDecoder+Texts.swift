import TraceCore

/// Values that are texts, or may be, with rules of their own.
extension EventDecoder {
    /// The name of a service.
    mutating func serviceName(
        _ first: UInt8, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState,
        _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        let text = try string(first, &scanner)
        keep(text, for: field)
        mark(field, &state)
        if text.count < field.pointee.minimum || text.count > field.pointee.maximum {
            checkLength(text, field, &state)
            if state.bad & field.pointee.bit != 0 { return }
        }
        let isAllowed = bytes(of: text).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !isAllowed { violate(field, &state, "pattern(patternAlphaNumericExt)") }
    }

    /// One of three words.
    mutating func outcome(
        _ first: UInt8, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState,
        _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        var text = try string(first, &scanner)
        if text.isEscaped, let start = bytes(of: text).baseAddress {
            text = JSONText(start: start, count: bytes(of: text).count, isEscaped: false)
        }
        mark(field, &state)
        // Upstream lets an empty outcome pass; it says nothing.
        let outcome: Event.Outcome
        if text.isPlain("success") {
            outcome = .success
        } else if text.isPlain("failure") {
            outcome = .failure
        } else {
            outcome = .unknown
            if text.count > 0, !text.isPlain("unknown") { violate(field, &state, "enum(enumOutcome)") }
        }
        keep(UInt64(outcome.rawValue), for: field)
    }

    /// A point in time.
    mutating func timestamp(
        _ first: UInt8, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState,
        _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        let time: Int64
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            time = try scanner.integer(isLong: true)
        case UInt8(ascii: "\""):
            let text = try string(first, &scanner)
            guard let parsed = RFC3339.microseconds(bytes(of: text)) else { throw .invalidTimestamp }
            time = parsed
        default:
            throw .invalidTimestamp
        }
        keep(UInt64(bitPattern: time), for: field)
        mark(field, &state)
        if !Microseconds.instants.contains(time) { violate(field, &state, "range(-2^61;2^61)") }
    }

    /// A string or an integer, of a port one that says an integer.
    mutating func textOrInteger(
        _ first: UInt8, _ field: UnsafePointer<CompiledField>, _ state: inout ObjectState,
        _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        var isAllowed = true
        switch first {
        case UInt8(ascii: "\""):
            let text = try string(first, &scanner)
            keep(text, for: field)
            mark(field, &state)
            if isTooLong(text, field.pointee.maximum) {
                violate(field, &state, "maxLength(\(field.pointee.maximum))")
            } else if field.pointee.kind == .port, !Self.isInteger(bytes(of: text), allowsPlus: true) {
                violate(field, &state, "targetType(int)")
            }
            return
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let token = try scanner.numberToken()
            keep(token.text, for: field)
            isAllowed = Self.isInteger(token.text.sent, allowsPlus: false)
        default:
            try scanner.skip()
            isAllowed = false
        }
        mark(field, &state)
        if !isAllowed { violate(field, &state, "inputTypes(string;int)") }
    }

    /// Whether a text is an integer of 64 bits.
    private static func isInteger(_ text: UnsafeBufferPointer<UInt8>, allowsPlus: Bool) -> Bool {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || (allowsPlus && rest.first == UInt8(ascii: "+")) { rest = rest.dropFirst() }
        var magnitude: UInt64 = 0
        for byte in rest {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return false }
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return false }
            magnitude = sum
        }
        return !rest.isEmpty && magnitude <= (isNegative ? 1 << 63 : UInt64(Int64.max))
    }
}
