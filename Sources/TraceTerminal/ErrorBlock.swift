import TraceCore

/// An error as lines of a page: what it is, whether it was caught, where it was, and what caused it.
struct ErrorBlock {
    private let error: ErrorDetails
    private let showsTitle: Bool
    /// What else is said beside where it came from.
    private let notes: [(SafeText, Style)]

    init(_ error: ErrorDetails, showsTitle: Bool, notes: [(SafeText, Style)] = []) {
        self.error = error
        self.showsTitle = showsTitle
        self.notes = notes
    }

    /// The error, or one of its causes.
    private struct Part {
        var error: ErrorDetails
        /// How far it is from the error: 1 for what caused it.
        var depth: Int
    }

    func write(to page: inout PageWriter, indent: Int = 0) {
        let parts = withCauses()
        let shown = page.shown(of: parts, standard: 10)
        for part in shown {
            // Very deep causes would leave no room for their texts.
            write(part, to: &page, indent: indent + 2 * min(part.depth, 4))
        }
        page.left(parts.count - shown.count, indent: indent + 2)
    }

    /// The error and its causes, each behind what it caused.
    private func withCauses() -> [Part] {
        var parts: [Part] = []
        var open = [Part(error: error, depth: 0)]
        while let part = open.popLast() {
            parts.append(part)
            open += part.error.causes.reversed().map { Part(error: $0, depth: part.depth + 1) }
        }
        return parts
    }

    private func write(_ part: Part, to page: inout PageWriter, indent: Int) {
        let error = part.error
        let text = ErrorText(error, ascii: page.options.ascii)
        if part.depth > 0 {
            page.text("caused by " + text.title, Style(foreground: .failed), indent: indent, hanging: 2)
        } else if showsTitle {
            page.text(
                page.signs.failed + " " + text.title, Style(foreground: .failed, isBold: true), indent: indent,
                hanging: 2)
        }
        let margin = part.depth > 0 || showsTitle ? indent + 2 : indent
        var facts: [(SafeText, Style)] = []
        if let culprit = error.culprit, !culprit.isEmpty { facts.append((page.name(culprit), .plain)) }
        if let handling = text.handling {
            facts.append((SafeText(own: handling), error.handled == false ? .bold : .plain))
        }
        if let code = error.code { facts.append((SafeText(own: "code ") + page.name(code), .plain)) }
        if let module = error.module { facts.append((SafeText(own: "module ") + page.name(module), .plain)) }
        page.line(facts + (part.depth == 0 ? notes : []), indent: margin)
        StackLines(error.stack).write(to: &page, indent: margin)
    }
}

/// The calls that were under way, innermost first: the program's own marked, runs of a library's folded.
struct StackLines {
    private let frames: [StackFrame]
    /// So many frames of a library in a row are shown; of more the first.
    private let mostOfLibrary = 3

    init(_ frames: [StackFrame]) { self.frames = frames }

    private enum Line {
        case frame(StackFrame)
        case folded(Int)

        var frames: Int { if case .folded(let count) = self { count } else { 1 } }
    }

    func write(to page: inout PageWriter, indent: Int) {
        let lines = folded(page.options.rows)
        let shown = page.shown(of: lines, standard: 30)
        // Where all are of one kind, a mark would say nothing.
        let isMixed = frames.contains(where: \.isLibrary) && frames.contains { !$0.isLibrary }
        for line in shown {
            switch line {
            case .frame(let frame): write(frame, isMarked: isMixed, to: &page, indent: indent)
            case .folded(let count):
                let text = "\(page.signs.ellipsis) \(Prose.count(count)) more of libraries not shown (--rows all)"
                page.text(SafeText(own: text), .faint, indent: indent + 2)
            }
        }
        page.left(lines[shown.endIndex...].reduce(0) { $0 + $1.frames }, indent: indent + 2)
    }

    /// Where all rows are asked for, nothing is folded; nor where nothing but a library's would be left.
    private func folded(_ rows: RowLimit) -> [Line] {
        guard rows != .all, frames.contains(where: { !$0.isLibrary }) else { return frames.map(Line.frame) }
        var lines: [Line] = []
        var position = 0
        while position < frames.count {
            let end = frames[position...].firstIndex { !$0.isLibrary } ?? frames.count
            if end - position > mostOfLibrary {
                lines += [.frame(frames[position]), .folded(end - position - 1)]
            } else {
                lines += frames[position..<end].map(Line.frame)
            }
            if end < frames.count { lines.append(.frame(frames[end])) }
            position = end + 1
        }
        return lines
    }

    private func write(_ frame: StackFrame, isMarked: Bool, to page: inout PageWriter, indent: Int) {
        let place = frame.file + (frame.line.map { ":\($0)" } ?? "")
        var text = place
        if let function = frame.function, !function.isEmpty { text += "  " + function }
        if let module = frame.module, !module.isEmpty, module != frame.file { text += "  (\(module))" }
        let isOwn = !frame.isLibrary
        let mark = isMarked ? (isOwn ? page.signs.ownFrame : " ") + " " : ""
        page.text(mark + text, isMarked && !isOwn ? .faint : .plain, indent: indent, hanging: mark.count + 2)
        guard isOwn, let source = frame.source?.split(separator: "\n").first else { return }
        let code = source.drop { $0 == " " || $0 == "\t" }
        if !code.isEmpty { page.text(String(code), .faint, indent: indent + mark.count + 2) }
    }
}
