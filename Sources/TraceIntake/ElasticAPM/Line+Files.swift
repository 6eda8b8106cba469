/// What lines of files have and those of requests do not.
extension Line {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The line without the byte order mark that it begins with: files begin so, also those that were put one after
    /// another.
    var withoutByteOrderMark: Line {
        start.pointee == Self.byteOrderMark[0] && bytes.starts(with: Self.byteOrderMark)
            ? suffix(from: start + Self.byteOrderMark.count) : self
    }

    /// The metadata that begins at `end`, where the line's value ended: the file before had no newline at its end.
    func metadata(after end: UnsafePointer<UInt8>?) -> Line? {
        guard let end, end < start + count else { return nil }
        let rest = suffix(from: end).withoutByteOrderMark
        guard rest.start.pointee == UInt8(ascii: "{"), ObjectType.of(rest).elementsEqual("metadata".utf8) else {
            return nil
        }
        return rest
    }

    /// The line up to the metadata that follows in it, without the byte order mark between them.
    func cut(before next: Line) -> Line {
        var count = next.start - start
        if bytes[..<count].suffix(Self.byteOrderMark.count).elementsEqual(Self.byteOrderMark) {
            count -= Self.byteOrderMark.count
        }
        return Line(
            start: start, count: count, readableEnd: readableEnd, offset: offset, number: number, isOversize: false,
            endsInNewline: false)
    }

    private func suffix(from position: UnsafePointer<UInt8>) -> Line {
        Line(
            start: position, count: count - (position - start), readableEnd: readableEnd,
            offset: offset + (position - start), number: number, isOversize: isOversize, endsInNewline: endsInNewline)
    }
}
