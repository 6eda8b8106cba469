import TraceCore

/// Labels as one column: for each label the key's id in `strings`, twice, plus one where the value was a number;
/// the value's length in bytes; the value. The integers are LEB128.
enum LabelColumn {
    static func encode(
        _ labels: ArraySlice<Label>, symbols: SymbolTable, key: (Symbol) throws -> Int64
    ) rethrows -> [UInt8] {
        var bytes: [UInt8] = []
        for label in labels {
            append(UInt64(try key(label.key)) << 1 | (label.isNumber ? 1 : 0), to: &bytes)
            symbols.withUTF8(label.value) { text in
                append(UInt64(text.count), to: &bytes)
                bytes.append(contentsOf: text)
            }
        }
        return bytes
    }

    /// Gives each label to `body`; bytes that are cut off end the list.
    static func decode(
        _ bytes: [UInt8], _ body: (_ key: Int64, _ value: UnsafeBufferPointer<UInt8>, _ isNumber: Bool) throws -> Void
    ) rethrows {
        var position = 0
        try bytes.withUnsafeBufferPointer { buffer in
            while position < buffer.count {
                guard let key = readInteger(buffer, &position), let count = readInteger(buffer, &position),
                    count <= UInt64(buffer.count - position)
                else { return }
                let value = UnsafeBufferPointer(rebasing: buffer[position..<position + Int(count)])
                try body(Int64(key >> 1), value, key & 1 == 1)
                position += Int(count)
            }
        }
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var value = value
        while value >= 128 {
            bytes.append(UInt8(value & 127) | 128)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private static func readInteger(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 63 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        return nil
    }
}
