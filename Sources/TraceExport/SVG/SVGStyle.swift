import TraceCore

/// The colours and fonts of pictures, for light and dark surroundings.
///
/// Texture carries the meaning and colour repeats it: work is filled, own code lighter, wait hatched, a delay dotted.
/// Blue and orange are told apart by colour-blind people; in grey work is the darkest. The hues of spans are those of
/// the terminal. Colours stand in plain rules, which programs understand that know no variables.
package enum SVGStyle {
    /// The style sheet that pictures are drawn with. All of its classes begin with `wl-`.
    package static let sheet = """
        .wl-picture text{font:12px ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",\
        "DejaVu Sans Mono",monospace;white-space:pre}
        .wl-picture .wl-words{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,\
        sans-serif;font-size:12.5px}
        .wl-picture .wl-title{font-size:17px;font-weight:600}
        .wl-picture .wl-says{font-size:14px}
        .wl-picture .wl-small{font-size:11px}
        .wl-picture .wl-strong{font-weight:600}
        .wl-name{unicode-bidi:isolate}
        .wl-grid,.wl-guide,.wl-rule,.wl-limit,.wl-outline,.wl-cross{fill:none}
        .wl-limit{stroke-width:1.5;stroke-dasharray:5 3}
        .wl-cross{stroke-width:2.5;stroke-linecap:round}
        .wl-hit{fill:none;pointer-events:all}
        \(rules(\.light))
        @media (prefers-color-scheme:dark){
        \(rules(\.dark))
        }

        """

    private struct Color {
        /// What it is the colour of: selectors and properties.
        var rules: [(selector: String, property: String)]
        var light: String
        var dark: String

        init(_ rules: (String, String)..., light: String, dark: String) {
            self.rules = rules.map { (selector: $0.0, property: $0.1) }
            self.light = light
            self.dark = dark
        }
    }

    private static let colors = [
        Color((".wl-page", "fill"), light: "#fff", dark: "#0d1117"),
        Color((".wl-page", "stroke"), (".wl-rule", "stroke"), light: "#d1d9e0", dark: "#3d444d"),
        Color((".wl-picture text", "fill"), (".wl-limit", "stroke"), light: "#1f2328", dark: "#f0f6fc"),
        Color((".wl-picture .wl-faint", "fill"), (".wl-dot", "fill"), light: "#59636e", dark: "#9198a1"),
        Color((".wl-picture .wl-late", "fill"), light: "#9a5700", dark: "#eaab3d"),
        Color(
            (".wl-picture .wl-bad", "fill"), (".wl-cross", "stroke"), (".wl-failure", "fill"), light: "#c62a00",
            dark: "#ff7b55"),
        Color((".wl-grid", "stroke"), light: "#eaeef2", dark: "#21262d"),
        Color((".wl-guide", "stroke"), light: "#afb8c1", dark: "#545d68"),
        Color((".wl-work", "fill"), light: "#0071b8", dark: "#2f8fd8"),
        Color((".wl-own", "fill"), light: "#7fbdea", dark: "#a9d5f5"),
        Color((".wl-ground", "fill"), light: "#fdf3dc", dark: "#2e2410"),
        Color((".wl-stripe", "fill"), (".wl-outline", "stroke"), light: "#c77f00", dark: "#e09c1f"),
    ]

    /// The hues of services and types of spans: the same in both surroundings.
    private static let hues = TypeHue.colors.map { color in
        let digits = String(color, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func rules(_ shade: KeyPath<Color, String>) -> String {
        var lines = colors.flatMap { color in
            color.rules.map { "\($0.selector){\($0.property):\(color[keyPath: shade])}" }
        }
        if shade == \.light { lines += hues.enumerated().map { ".wl-hue\($0){fill:\($1)}" } }
        return lines.joined(separator: "\n")
    }

    /// The textures that fills refer to, their ids beginning with `prefix`.
    static func writePatterns(prefix: String, to svg: inout XMLWriter) {
        svg.element("defs") { svg in
            svg.element(
                "pattern",
                [
                    "id": prefix + "-wait", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse",
                    "patternTransform": "rotate(45)",
                ]
            ) { svg in
                svg.element("rect", ["class": "wl-ground", "width": "6", "height": "6"])
                svg.element("rect", ["class": "wl-stripe", "width": "2.5", "height": "6"])
            }
            svg.element(
                "pattern",
                ["id": prefix + "-delay", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"]
            ) { svg in
                svg.element("circle", ["class": "wl-dot", "cx": "3", "cy": "3", "r": "1.1"])
            }
        }
    }
}
