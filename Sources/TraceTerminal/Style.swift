import TraceCore

/// The colours there are, by what they say. Each repeats what a texture, a sign or a word says already.
///
/// Blue and orange are told apart by colour-blind people, and in grey, work being the darker; each shade has a
/// contrast of at least 3 with black and with white. The terminal's own foreground and background are never set.
package enum Ink: Sendable, Hashable {
    case work
    case own
    case wait
    case failed
    /// What is there and not to be looked at first: guides, delays, notes.
    case faint
    /// One of `Ink.hues`.
    case hue(Int)

    /// The colours of services and types of spans, and what is nearest to them where there are few.
    static let hues: [Shade] = zip(TypeHue.colors, [(96, 31), (36, 30), (32, 29), (92, 100), (95, 168), (35, 133)])
        .map { color, few in
            Shade(
                bright: few.0, index: few.1, red: Int(color >> 16), green: Int(color >> 8 & 0xFF),
                blue: Int(color & 0xFF))
        }

    /// The hue of a service or of a type of spans: the same in every run.
    package static func hue(of text: String) -> Ink { .hue(TypeHue.number(of: text)) }

    var shade: Shade {
        switch self {
        case .work: Shade(bright: 34, index: 25, red: 0x00, green: 0x78, blue: 0xC4)
        case .own: Shade(bright: 94, index: 68, red: 0x50, green: 0x98, blue: 0xD2)
        case .wait: Shade(bright: 33, index: 136, red: 0xC8, green: 0x82, blue: 0x00)
        case .failed: Shade(bright: 91, index: 160, red: 0xB8, green: 0x18, blue: 0x08)
        case .faint: Shade(bright: 90, index: 245, red: 0x88, green: 0x88, blue: 0x88)
        case .hue(let number): Self.hues[number % Self.hues.count]
        }
    }
}

/// A colour in each colour mode.
struct Shade: Sendable, Hashable {
    /// The foreground's number among the sixteen: 30 to 37, 90 to 97.
    var bright: Int
    /// Among the 256.
    var index: Int
    var red: Int
    var green: Int
    var blue: Int

    /// The parameters of an escape sequence that sets it.
    func parameters(_ mode: ColorMode, isBackground: Bool) -> String {
        switch mode {
        case .none, .monochrome: ""
        case .sixteen: String(bright + (isBackground ? 10 : 0))
        case .indexed: "\(isBackground ? 48 : 38);5;\(index)"
        case .direct: "\(isBackground ? 48 : 38);2;\(red);\(green);\(blue)"
        }
    }
}

/// How a cell is written; the default is the terminal's own.
package struct Style: Sendable, Hashable {
    package var foreground: Ink?
    package var background: Ink?
    package var isBold = false
    /// Foreground and background change places.
    package var isReversed = false

    /// As the terminal writes by itself.
    package static let plain = Style()
    package static let faint = Style(foreground: .faint)
    package static let bold = Style(isBold: true)

    /// A style; what is not said is the terminal's own.
    package init(foreground: Ink? = nil, background: Ink? = nil, isBold: Bool = false, isReversed: Bool = false) {
        self.foreground = foreground
        self.background = background
        self.isBold = isBold
        self.isReversed = isReversed
    }

    private var uncolored: Style { Style(isBold: isBold, isReversed: isReversed) }

    /// The shortest escape sequence that leads from one style to this; empty where nothing changes.
    func sequence(from last: Style, _ mode: ColorMode) -> String {
        guard mode != .none, self != last else { return "" }
        if mode == .monochrome, foreground != nil || background != nil || last != last.uncolored {
            return uncolored.sequence(from: last.uncolored, mode)
        }
        if self == .plain { return "\u{1B}[0m" }
        var parameters: [String] = []
        if isBold != last.isBold { parameters.append(isBold ? "1" : "22") }
        if isReversed != last.isReversed { parameters.append(isReversed ? "7" : "27") }
        if foreground != last.foreground {
            parameters.append(foreground?.shade.parameters(mode, isBackground: false) ?? "39")
        }
        if background != last.background {
            parameters.append(background?.shade.parameters(mode, isBackground: true) ?? "49")
        }
        return "\u{1B}[" + parameters.joined(separator: ";") + "m"
    }
}
