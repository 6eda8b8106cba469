/// A table in a page, which the program can sort.
struct HTMLTable {
    enum Column {
        case text(String)
        case number(String)
    }

    enum Cell {
        case text(String)
        /// `value` is what it is sorted by.
        case number(String, value: Int64, style: String = "")
        /// Nothing is known.
        case none
    }

    let caption: String
    /// A class of its own; empty for none.
    var style = ""
    let isSortable: Bool
    let columns: [Column]
    /// As many cells as there are columns.
    var rows: [[Cell]] = []
    /// The classes of some rows, by their place.
    var rowStyles: [Int: String] = [:]

    func write(to html: inout HTMLWriter) {
        // It can be scrolled by keyboard.
        html.element("div", ["class": "sheet", "tabindex": "0", "role": "group", "aria-label": caption]) { html in
            html.element("table", ["class": isSortable ? "sortable \(style)" : style]) { html in
                html.element("caption", text: caption)
                html.element("thead") { html in
                    html.element("tr") { html in
                        for column in columns { Self.write(column, to: &html) }
                    }
                }
                html.element("tbody") { html in
                    for (place, row) in rows.enumerated() {
                        html.markup("\n")
                        let style = rowStyles[place]
                        html.element("tr", style.map { ["class": $0] } ?? [:]) { html in
                            for (column, cell) in row.enumerated() { Self.write(cell, isFirst: column == 0, to: &html) }
                        }
                    }
                }
            }
        }
        html.markup("\n")
    }

    private static func write(_ column: Column, to html: inout HTMLWriter) {
        switch column {
        case .text(let title): html.element("th", ["scope": "col"], text: title)
        case .number(let title): html.element("th", ["scope": "col", "class": "number"], text: title)
        }
    }

    private static func write(_ cell: Cell, isFirst: Bool, to html: inout HTMLWriter) {
        switch cell {
        case .text(let text) where isFirst: html.element("th", ["scope": "row"], text: text)
        case .text(let text): html.element("td", text: text)
        case .number(let text, let value, let style):
            html.element(
                "td", ["class": style.isEmpty ? "number" : "number \(style)", "data-value": String(value)], text: text)
        case .none: html.element("td", ["class": "number faint"], text: "–")
        }
    }
}
