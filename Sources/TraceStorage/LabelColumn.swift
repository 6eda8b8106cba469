import TraceCore

/// Labels as one column: for each label the key's id in `strings`, twice, plus one where the value was a number;
/// the value's length in bytes; the value. The integers are as `ByteSink` writes them.
enum LabelColumn {
    static func encode(
        _ labels: ArraySlice<Label>, symbols: SymbolTable, key: (Symbol) throws -> Int64
    ) rethrows -> [UInt8] {
        var sink = ByteSink()
        for label in labels {
            sink.append(UInt64(bitPattern: try key(label.key)) << 1 | (label.isNumber ? 1 : 0))
            symbols.withUTF8(label.value) { text in
                sink.append(UInt64(text.count))
                sink.append(contentsOf: text)
            }
        }
        return Array(sink.bytes)
    }

    /// Gives each label to `body`; bytes that are cut off end the list.
    static func decode(
        _ bytes: [UInt8], _ body: (_ key: Int64, _ value: UnsafeBufferPointer<UInt8>, _ isNumber: Bool) throws -> Void
    ) rethrows {
        try bytes.withUnsafeBytes { buffer in
            var source = ByteSource(buffer)
            while let key = source.next(), let count = source.nextCount(ofSize: 1), let value = source.next(count) {
                try value.withMemoryRebound(to: UInt8.self) { try body(Int64(key >> 1), $0, key & 1 == 1) }
            }
        }
    }
}
