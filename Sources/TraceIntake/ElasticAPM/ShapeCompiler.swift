/// Makes compiled shapes of the protocol's tables.
struct ShapeCompiler {
    /// The shapes of the kind of line so far, and those of all kinds.
    private var states = 0
    private var numbers = 0

    /// The shape of a kind of line.
    mutating func compile(_ shape: Shape) -> UnsafePointer<CompiledShape> {
        states = 0
        return compile(shape, inArray: false)
    }

    private mutating func compile(
        _ shape: Shape, inArray: Bool
    ) -> UnsafePointer<CompiledShape> {
        precondition(
            shape.fields.count < EventDecoder.maximumFields && states < EventDecoder.maximumStates
                && numbers < EventDecoder.maximumShapes, "a shape of the protocol is too large")
        let target = UnsafeMutablePointer<CompiledShape>.allocate(capacity: 1)
        let state = states
        let number = numbers
        states += 1
        numbers += 1
        var bits: [String: UInt64] = [:]
        for (index, field) in shape.fields.enumerated() { bits[field.key] = 1 << UInt64(index) }
        let fields = UnsafeMutablePointer<CompiledField>.allocate(capacity: shape.fields.count)
        for (index, field) in shape.fields.enumerated() {
            let child = child(
                of: field, in: shape, inArray: inArray, itself: target)
            (fields + index).initialize(to: Self.compile(field, index: index, child: child))
        }
        var required: UInt64 = 0
        var conditions: [CompiledShape.Condition] = []
        for field in shape.fields {
            let bit = bits[field.key, default: 0]
            switch field.requirement {
            case .optional: break
            case .required: required |= bit
            case .requiredWith(let others):
                conditions.append(
                    CompiledShape.Condition(
                        field: bit, others: others.reduce(0) { $0 | bits[$1, default: 0] }))
            }
        }
        let kept = UnsafeMutablePointer<CompiledShape.Condition>.allocate(capacity: max(1, conditions.count))
        kept.initialize(from: conditions, count: conditions.count)
        let table = Self.table(fields, count: shape.fields.count)
        target.initialize(
            to: CompiledShape(
                number: number, state: state, endState: states, fields: fields,
                fieldCount: shape.fields.count, slots: table.slots, multiplier: table.multiplier, shift: table.shift,
                required: required, anyOf: shape.anyOf.reduce(0) { $0 | bits[$1, default: 0] }, conditions: kept,
                conditionCount: conditions.count, memberBit: shape.countsUnknownMembers ? 1 << 63 : 0,
                source: .passRetained(CompiledShape.Source(shape))))
        return UnsafePointer(target)
    }

    /// The shape below a field. The causes of an exception are exceptions: the first ones have a shape of
    /// their own, being in an array, and theirs have the same one again.
    private mutating func child(
        of field: Field, in shape: Shape, inArray: Bool,
        itself: UnsafeMutablePointer<CompiledShape>
    ) -> UnsafePointer<CompiledShape>? {
        switch field.rule {
        case .object(let below), .objectIfAny(let below):
            compile(below, inArray: inArray)
        case .objects(let below), .samples(let below):
            compile(below, inArray: true)
        case .causes where inArray:
            UnsafePointer(itself)
        case .causes:
            compile(shape, inArray: true)
        default:
            nil
        }
    }

    private static func compile(_ field: Field, index: Int, child: UnsafePointer<CompiledShape>?) -> CompiledField {
        let rule = reduce(field.rule)
        let key = Array(field.key.utf8)
        precondition(key.count <= 32, "a key of the protocol is too long")
        let member = key + [UInt8(ascii: "\""), UInt8(ascii: ":")]
        return CompiledField(
            kind: rule.kind, capture: field.capture, keyCount: UInt8(key.count), firstWord: word(key, from: 0),
            secondWord: word(key, from: 8), thirdWord: word(key, from: 16),
            lastWord: word(key, from: max(0, key.count - 8)), firstOfMember: word(member, from: 0),
            lastOfMember: word(member, from: max(0, member.count - 8)), index: UInt8(index), bit: 1 << UInt64(index),
            captureBit: field.capture == .none ? 0 : 1 << UInt64(field.capture.rawValue), minimum: rule.minimum,
            maximum: rule.maximum, leastNumber: rule.leastNumber,
            isRemembered: rule.isRemembered, child: child,
            source: .passRetained(CompiledField.Source(field.key)))
    }

    private struct ReducedRule {
        var kind: CompiledField.Kind
        var minimum: Int64 = .min
        var maximum = 1024
        var leastNumber = -Double.infinity
        var isRemembered = false
    }

    private static func reduce(_ rule: Rule) -> ReducedRule {
        switch rule {
        case .text(let atMost, let atLeast): ReducedRule(kind: .text, minimum: Int64(atLeast), maximum: atMost)
        case .anyText: ReducedRule(kind: .text, minimum: 0, maximum: .max)
        case .serviceName(let atLeast): ReducedRule(kind: .serviceName, minimum: Int64(atLeast))
        case .integer(let atLeast): ReducedRule(kind: .integer, minimum: atLeast)
        case .number(let atLeast): ReducedRule(kind: .number, leastNumber: atLeast)
        case .texts(let atMost): ReducedRule(kind: .texts, maximum: atMost)
        case .textIfAny(let atMost): ReducedRule(kind: .textIfAny, minimum: 0, maximum: atMost)
        case .outcome: ReducedRule(kind: .outcome)
        case .boolean: ReducedRule(kind: .boolean)
        case .timestamp: ReducedRule(kind: .timestamp)
        case .textOrInteger: ReducedRule(kind: .textOrInteger)
        case .port: ReducedRule(kind: .port)
        case .object: ReducedRule(kind: .object)
        case .objects(let below): ReducedRule(kind: .objects, isRemembered: below.isSelfContained)
        case .causes: ReducedRule(kind: .causes)
        case .numbers: ReducedRule(kind: .numbers)
        case .counts: ReducedRule(kind: .counts)
        case .labels: ReducedRule(kind: .labels)
        case .headers: ReducedRule(kind: .headers)
        case .map: ReducedRule(kind: .map)
        case .marks: ReducedRule(kind: .marks)
        case .body: ReducedRule(kind: .body)
        case .any: ReducedRule(kind: .any)
        case .samples: ReducedRule(kind: .samples)
        case .objectIfAny: ReducedRule(kind: .objectIfAny)
        }
    }

    private static func word(_ key: [UInt8], from start: Int) -> UInt64 {
        var word: UInt64 = 0
        for byte in key.dropFirst(start).prefix(8).reversed() { word = word << 8 | UInt64(byte) }
        return word
    }

    private struct Table {
        var slots: UnsafePointer<UInt8>
        var multiplier: UInt64
        var shift: UInt64
    }

    /// A table without collisions: the first multiplier, and the smallest size, that gives every key a slot
    /// of its own.
    private static func table(_ fields: UnsafePointer<CompiledField>, count: Int) -> Table {
        var bits: UInt64 = 1
        while 1 << bits < count * 2 { bits += 1 }
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        var tries = 0
        while true {
            var slots = [UInt8](repeating: CompiledShape.noField, count: 1 << bits)
            let isPerfect = (0..<count).allSatisfy { index in
                let slot = CompiledShape.slot(
                    first: fields[index].firstWord, last: fields[index].lastWord,
                    count: Int(fields[index].keyCount), multiplier: multiplier, shift: 64 - bits)
                defer { slots[slot] = UInt8(index) }
                return slots[slot] == CompiledShape.noField
            }
            if isPerfect {
                let kept = UnsafeMutablePointer<UInt8>.allocate(capacity: slots.count)
                kept.initialize(from: slots, count: slots.count)
                return Table(slots: kept, multiplier: multiplier, shift: 64 - bits)
            }
            multiplier = multiplier &* 6_364_136_223_846_793_005 | 1
            tries += 1
            if tries % 64 == 0 { bits += 1 }
            precondition(bits < 16, "two keys of a shape are one")
        }
    }
}

/// The lines of the protocol, compiled when the first stream comes.
struct CompiledShapes {
    let metadata: UnsafePointer<CompiledShape>
    let transaction: UnsafePointer<CompiledShape>
    let span: UnsafePointer<CompiledShape>
    let error: UnsafePointer<CompiledShape>
    let metricset: UnsafePointer<CompiledShape>
    let log: UnsafePointer<CompiledShape>

    private init() {
        var compiler = ShapeCompiler()
        metadata = compiler.compile(MetadataShape.metadata)
        transaction = compiler.compile(EventShapes.transaction)
        span = compiler.compile(EventShapes.span)
        error = compiler.compile(SideShapes.error)
        metricset = compiler.compile(SideShapes.metricset)
        log = compiler.compile(SideShapes.log)
    }

    /// The shape of the lines of a kind.
    func of(_ kind: ObjectType.Kind) -> UnsafePointer<CompiledShape> {
        switch kind {
        case .transaction: transaction
        case .span: span
        case .error: error
        case .metricset: metricset
        case .log: log
        }
    }

    /// Never changed once made, so that every stream may read them.
    nonisolated(unsafe) static let shared = CompiledShapes()
}
