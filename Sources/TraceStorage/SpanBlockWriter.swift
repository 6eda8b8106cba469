import TraceCore

/// Writes blocks of spans, one after another.
struct SpanBlockWriter: ~Copyable {
    private var ids = IdentifierTable()
    private var rows = ByteSink()
    private var shapes: [SpanShape] = []
    /// Open addressing by `SpanShape.spread`: 0 is free, else the shape's number + 1.
    private var shapeSlots = [UInt32](repeating: 0, count: 64)
    private var lastShape = 0
    /// The column `start_us`.
    private(set) var start: Int64 = 0
    private var lastStart: Int64 = 0
    private var lineEnd = 0
    private(set) var count = 0

    /// Begins a block whose column `start_us` is `start`.
    mutating func begin(start: Int64) {
        ids.removeAll()
        rows.removeAll()
        shapes.removeAll(keepingCapacity: true)
        for slot in shapeSlots.indices { shapeSlots[slot] = 0 }
        lastShape = 0
        self.start = start
        lastStart = start
        lineEnd = 0
        count = 0
    }

    /// Adds a span, whose shape was found before.
    mutating func append(_ event: Event, _ shape: SpanShape) {
        append(shape)
        append(event.id)
        let form = shape.form
        if let transaction = event.transaction { append(transaction) }
        if let parent = event.parent, !form.has(SpanBlock.Form.isTop) { append(parent) }
        rows.append(signed: event.start &- lastStart)
        lastStart = event.start
        rows.append(UInt64(bitPattern: event.duration))
        if let offset = event.offset { rows.append(signed: offset) }
        rows.append(signed: Int64(event.line.offset &- lineEnd))
        rows.append(UInt64(bitPattern: Int64(event.line.length)))
        lineEnd = event.line.offset &+ event.line.length
        count += 1
    }

    /// The block, from the first byte to the last, in `sink`.
    func write(to sink: inout ByteSink) {
        sink.removeAll()
        sink.append(UInt64(ids.count))
        for word in ids.words { sink.append(bigEndian: word) }
        sink.append(UInt64(ids.others.count))
        for (number, id) in ids.others {
            sink.append(UInt64(number))
            var isHex: UInt64 = 0
            var bytes: [UInt8] = []
            switch id {
            case .short: break
            case .long(let high, let low):
                isHex = 1
                for word in [high, low] { withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) } }
            case .text(let text): bytes = text
            }
            sink.append(UInt64(bytes.count) << 1 | isHex)
            bytes.withUnsafeBufferPointer { sink.append(contentsOf: $0) }
        }
        sink.append(contentsOf: rows.bytes)
    }

    private mutating func append(_ id: Identifier) {
        let met = ids.count
        let (number, isNew) = ids.number(of: id)
        rows.append(isNew ? 0 : UInt64(met - number))
    }

    private mutating func append(_ shape: SpanShape) {
        if lastShape < shapes.count, shapes[lastShape] == shape {
            rows.append(UInt64(lastShape))
            return
        }
        let mask = shapeSlots.count - 1
        var slot = shape.spread & mask
        while shapeSlots[slot] != 0 {
            let number = Int(shapeSlots[slot]) - 1
            if shapes[number] == shape {
                rows.append(UInt64(number))
                lastShape = number
                return
            }
            slot = (slot + 1) & mask
        }
        rows.append(UInt64(shapes.count))
        write(shape, after: shapes.last ?? SpanShape())
        lastShape = shapes.count
        shapes.append(shape)
        shapeSlots[slot] = UInt32(shapes.count)
        if shapes.count * 2 > shapeSlots.count { growShapes() }
    }

    private mutating func write(_ shape: SpanShape, after last: SpanShape) {
        var differing: UInt8 = 0
        for member in shape.values.indices where shape.values[member] != last.values[member] {
            differing |= 1 << UInt8(member)
        }
        rows.append(byte: differing)
        for member in shape.values.indices where differing & 1 << UInt8(member) != 0 {
            rows.append(UInt64(bitPattern: shape.values[member]))
        }
    }

    private mutating func growShapes() {
        shapeSlots = [UInt32](repeating: 0, count: shapeSlots.count * 4)
        let mask = shapeSlots.count - 1
        for number in shapes.indices {
            var slot = shapes[number].spread & mask
            while shapeSlots[slot] != 0 { slot = (slot + 1) & mask }
            shapeSlots[slot] = UInt32(number + 1)
        }
    }
}
