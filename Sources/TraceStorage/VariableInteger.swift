/// Integers in as few bytes as they need: seven bits a byte, the lowest first, the top bit set on all but the last
/// (LEB128). Signed ones alternate around zero (0, -1, 1, -2, …), so that small ones are short either way.
struct ByteSink: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 1 << 12
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// What was written.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    mutating func removeAll() { count = 0 }

    mutating func append(_ value: UInt64) {
        reserve(10)
        var value = value
        while value >= 128 {
            base[count] = UInt8(truncatingIfNeeded: value) | 128
            value >>= 7
            count += 1
        }
        base[count] = UInt8(truncatingIfNeeded: value)
        count += 1
    }

    mutating func append(signed value: Int64) { append(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func append(byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (base + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    /// Eight bytes, the highest first.
    mutating func append(bigEndian value: UInt64) {
        reserve(8)
        UnsafeMutableRawPointer(base + count).storeBytes(of: value.bigEndian, as: UInt64.self)
        count += 8
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let larger = max(capacity * 2, count + more)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        fresh.update(from: base, count: count)
        base.deallocate()
        (base, capacity) = (fresh, larger)
    }
}

/// Reads what a `ByteSink` wrote; nil where the bytes end before a value does.
struct ByteSource {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes are left.
    var rest: Int { bytes.count - position }

    @inline(__always)
    mutating func next() -> UInt64? {
        guard position < bytes.count else { return nil }
        let first = bytes[position]
        position += 1
        return first < 128 ? UInt64(first) : longer(UInt64(first & 127))
    }

    private mutating func longer(_ low: UInt64) -> UInt64? {
        var value = low
        var shift: UInt64 = 7
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        return nil
    }

    @inline(__always)
    mutating func nextSigned() -> Int64? {
        guard let value = next() else { return nil }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A count of things that take at least `size` bytes each.
    mutating func nextCount(ofSize size: Int) -> Int? {
        guard let value = next(), let count = Int(exactly: value), count <= rest / size else { return nil }
        return count
    }

    mutating func next(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= rest else { return nil }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
