/// Makes keys of the bytes that a terminal sends, however they are cut into pieces.
///
/// What it doesn't know is left out whole; whatever comes, it holds no more than a few kilobytes and goes on.
package struct KeyDecoder: Sendable {
    private enum State {
        case ground
        /// Behind ESC.
        case escape
        /// Behind `ESC [`.
        case sequence
        /// Behind `ESC O`.
        case single
        /// Inside a text meant for programs, up to BEL or `ESC \`.
        case string
        case stringEscape
        /// Inside a mouse event of the oldest form: so many bytes are left.
        case oldMouse(Int)
        case paste
    }

    private var state = State.ground
    /// Of a sequence its parameters, of a character its first bytes, of a paste what came of it.
    private var held: [UInt8] = []
    private var keys: [Key] = []

    /// More than any sequence has.
    private static let longestSequence = 64
    /// More than anybody searches for.
    private static let longestPaste = 4_096
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    package init() {}

    /// The keys that some bytes complete.
    package mutating func keys(_ bytes: some Sequence<UInt8>) -> [Key] {
        keys = []
        for byte in bytes { take(byte) }
        return keys
    }

    /// Whether something is begun that may be all there is, when nothing comes for a while.
    package var isHolding: Bool {
        if case .ground = state { !held.isEmpty } else { true }
    }

    /// The keys that what is begun stands for, when nothing came for a while: an ESC by itself is the escape key.
    package mutating func pause() -> [Key] {
        keys = []
        switch state {
        case .escape: keys.append(.escape)
        case .paste: endPaste()
        case .ground, .sequence, .single, .string, .stringEscape, .oldMouse: break
        }
        state = .ground
        held = []
        return keys
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground: takeGround(byte)
        case .escape: takeEscape(byte)
        case .sequence: takeSequence(byte)
        case .single:
            state = .ground
            if let key = Self.letterKey(byte) { keys.append(key) } else if byte == 0x4D { keys.append(.enter) }
        case .string:
            if byte == 0x07 { state = .ground } else if byte == 0x1B { state = .stringEscape }
        case .stringEscape:
            state = byte == 0x5C ? .ground : byte == 0x1B ? .stringEscape : .string
        case .oldMouse(let left): state = left > 1 ? .oldMouse(left - 1) : .ground
        case .paste:
            held.append(byte)
            if held.count >= Self.pasteEnd.count, held.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
                held.removeLast(Self.pasteEnd.count)
                endPaste()
            } else if held.count > Self.longestPaste + 64 {
                // What is too long is cut in the middle, so that its end is still found.
                held.removeSubrange(Self.longestPaste..<held.count - Self.pasteEnd.count)
            }
        }
    }

    private mutating func takeGround(_ byte: UInt8) {
        if byte >= 0x80 { return takeCharacter(byte) }
        held = []
        switch byte {
        case 0x1B: state = .escape
        case 0x0A, 0x0D: keys.append(.enter)
        case 0x09: keys.append(.tab)
        case 0x08, 0x7F: keys.append(.backspace)
        case 0x01...0x1A: keys.append(.control(Unicode.Scalar(byte + 0x60)))
        case 0x20...0x7E: keys.append(.text(Unicode.Scalar(byte)))
        default: break
        }
    }

    /// A byte of a character that takes several.
    private mutating func takeCharacter(_ byte: UInt8) {
        if byte >= 0xC0 { held = [] }
        held.append(byte)
        let length = held[0] >= 0xF0 ? 4 : held[0] >= 0xE0 ? 3 : held[0] >= 0xC2 ? 2 : 1
        guard held.count >= length else { return }
        defer { held = [] }
        guard let text = String(validating: held, as: UTF8.self), let scalar = text.unicodeScalars.first,
            scalar.value >= 0xA0
        else { return }
        keys.append(.text(scalar))
    }

    private mutating func takeEscape(_ byte: UInt8) {
        switch byte {
        case 0x1B: keys.append(.escape)
        case 0x5B: (state, held) = (.sequence, [])
        case 0x4F: state = .single
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: state = .string
        default:
            // Typed quickly behind the escape key, or with Alt held: both keys.
            keys.append(.escape)
            state = .ground
            takeGround(byte)
        }
    }

    private mutating func takeSequence(_ byte: UInt8) {
        switch byte {
        case 0x20...0x3F:
            if held.count < Self.longestSequence { held.append(byte) }
        case 0x40...0x7E:
            state = .ground
            let parameters = held
            held = []
            if parameters.count < Self.longestSequence { end(parameters, byte) }
        default:
            // Broken off: what comes begins anew.
            (state, held) = (.ground, [])
            takeGround(byte)
        }
    }

    private mutating func end(_ parameters: [UInt8], _ final: UInt8) {
        if parameters.first == 0x3C { return endMouse(parameters.dropFirst(), isPress: final == 0x4D) }
        if let key = Self.letterKey(final) {
            keys.append(key)
        } else if final == 0x7E {
            endNumbered(Self.numbers(parameters[...]).first)
        } else if final == 0x4D, parameters.isEmpty {
            state = .oldMouse(3)
        }
    }

    private mutating func endNumbered(_ number: Int?) {
        switch number {
        case 1, 7: keys.append(.home)
        case 4, 8: keys.append(.end)
        case 3: keys.append(.delete)
        case 5: keys.append(.pageUp)
        case 6: keys.append(.pageDown)
        case 200: state = .paste
        default: break
        }
    }

    private mutating func endMouse(_ parameters: ArraySlice<UInt8>, isPress: Bool) {
        let numbers = Self.numbers(parameters)
        guard isPress, numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return }
        let (column, row) = (numbers[1] - 1, numbers[2] - 1)
        // Without the bits of shift, alt and control.
        switch numbers[0] & ~0b11100 {
        case 0: keys.append(.click(column: column, row: row))
        case 64: keys.append(.wheelUp(column: column, row: row))
        case 65: keys.append(.wheelDown(column: column, row: row))
        default: break
        }
    }

    private mutating func endPaste() {
        let text = String(decoding: held.prefix(Self.longestPaste), as: UTF8.self)
        keys.append(.paste(text))
        (state, held) = (.ground, [])
    }

    private static func letterKey(_ final: UInt8) -> Key? {
        switch final {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x5A: .tab
        default: nil
        }
    }

    /// Numbers with semicolons between them; those that are none, or larger than any screen, are -1.
    private static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int] {
        parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map { digits in
            guard digits.count < 7, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return -1 }
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
    }
}
