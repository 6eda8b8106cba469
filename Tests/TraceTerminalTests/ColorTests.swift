import Foundation
import Testing
import TraceCore

@testable import TraceTerminal

/// The colours of 24 bits: readable on black and on white, and told apart by people who see fewer of them.
@Suite struct ColorTests {
    private typealias RGB = (red: Double, green: Double, blue: Double)

    private static let inks: [Ink] =
        [.work, .own, .wait, .failed, .faint] + (0..<Ink.hues.count).map { .hue($0) }

    /// Linear light of a colour of 24 bits, each from 0 to 1.
    private func linear(_ ink: Ink) -> RGB { linear(ink.shade.red, ink.shade.green, ink.shade.blue) }

    /// That of one of the 256, from the cube of six steps a side or from the greys behind it.
    private func linear(index: Int) -> RGB {
        if index >= 232 { return linear(8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)) }
        func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }
        return linear(level((index - 16) / 36), level((index - 16) / 6 % 6), level((index - 16) % 6))
    }

    private func linear(_ red: Int, _ green: Int, _ blue: Int) -> RGB {
        func part(_ value: Int) -> Double {
            let value = Double(value) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return (part(red), part(green), part(blue))
    }

    private func luminance(_ color: RGB) -> Double { 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue }

    /// The contrast of WCAG 2: from 1 to 21.
    private func contrast(_ a: Double, _ b: Double) -> Double { (max(a, b) + 0.05) / (min(a, b) + 0.05) }

    @Test("every colour has a contrast of 3 or more, on black and on white", arguments: inks)
    func contrast(ink: Ink) {
        for luminance in [linear(ink), linear(index: ink.shade.index)].map(luminance) {
            #expect(contrast(luminance, 0) >= 3, "on black")
            #expect(contrast(luminance, 1) >= 3, "on white")
        }
    }

    /// As people see it who lack a kind of cones (after Viénot, Brettel and Mollon 1999), in linear light.
    private func seen(_ color: RGB, by eyes: Eyes) -> RGB {
        switch eyes {
        case .all: return color
        case .gray:
            let gray = luminance(color)
            return (gray, gray, gray)
        case .protanopia:
            let mixed = 0.11238 * color.red + 0.88762 * color.green
            return (mixed, mixed, 0.00401 * color.red - 0.00401 * color.green + color.blue)
        case .deuteranopia:
            let mixed = 0.29275 * color.red + 0.70725 * color.green
            return (mixed, mixed, -0.02234 * color.red + 0.02234 * color.green + color.blue)
        }
    }

    enum Eyes: CaseIterable {
        case all
        case gray
        case protanopia
        case deuteranopia
    }

    /// CIE L*a*b*, D65.
    private func lab(_ color: RGB) -> (l: Double, a: Double, b: Double) {
        func bent(_ value: Double) -> Double { value > 0.008856 ? cbrt(value) : 7.787 * value + 16 / 116 }
        let x = (0.4124 * color.red + 0.3576 * color.green + 0.1805 * color.blue) / 0.95047
        let z = (0.0193 * color.red + 0.1192 * color.green + 0.9505 * color.blue) / 1.08883
        let (fx, fy, fz) = (bent(x), bent(luminance(color)), bent(z))
        return (116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))
    }

    private func distance(_ a: Ink, _ b: Ink, _ eyes: Eyes) -> Double {
        let (a, b) = (lab(seen(linear(a), by: eyes)), lab(seen(linear(b), by: eyes)))
        return sqrt(pow(a.l - b.l, 2) + pow(a.a - b.a, 2) + pow(a.b - b.b, 2))
    }

    @Test(
        "work, wait and failure are told apart by colour-blind people", arguments: Eyes.allCases.filter { $0 != .gray })
    func apart(eyes: Eyes) {
        for (a, b) in [(Ink.work, Ink.wait), (.work, .failed), (.wait, .failed), (.own, .wait), (.own, .failed)] {
            #expect(distance(a, b, eyes) >= 20, "\(a) and \(b)")
        }
        #expect(distance(.work, .own, eyes) >= 10)
        #expect(Ink.hues.count == TypeHue.count)
        for hue in Ink.hues.indices { #expect(distance(.hue(hue), .failed, eyes) >= 10, "hue \(hue)") }
    }

    @Test("work, wait and failure are told apart in grey, where each is its own texture or sign too")
    func apartInGray() {
        #expect(distance(.work, .wait, .gray) >= 8)
        #expect(distance(.wait, .failed, .gray) >= 8)
    }
}
