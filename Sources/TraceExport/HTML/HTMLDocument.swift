/// A page that needs nothing but itself: one file, whose policy lets nothing be fetched, sent or run that is not in it.
struct HTMLDocument {
    /// What the browser's tab says.
    let title: String
    let body: (inout HTMLWriter) -> Void

    /// What a browser lets the page do: use the one style sheet and the one program that stand in it, as they are, and
    /// nothing else.
    static let policy = """
        default-src 'none'; style-src \(source(style)); script-src \(source(HTMLScript.text)); base-uri 'none'; \
        form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'
        """

    /// That of the page, and that of the pictures in it.
    static let style = HTMLStyle.text + SVGStyle.sheet

    /// The whole page.
    var text: String {
        var writer = HTMLWriter()
        writer.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        // Before anything that it is about.
        writer.made("<meta http-equiv=\"Content-Security-Policy\" content=\"\(Self.policy)\">\n")
        writer.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        writer.markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
        writer.markup(
            "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"waitline\">\n")
        writer.element("title", text: title)
        writer.made("\n<style>\(Self.style)</style>\n")
        writer.markup("</head>\n<body>\n")
        body(&writer)
        writer.made("\n<script>\(HTMLScript.text)</script>\n")
        writer.markup("</body>\n</html>\n")
        return writer.html
    }

    /// The hash by which a policy lets a style or a program in.
    private static func source(_ text: String) -> String {
        "'sha256-\(Base64.text(SHA256.digest(Array(text.utf8))))'"
    }
}

/// Bytes as text (source: RFC 4648, section 4).
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// With padding.
    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let group = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
            for place in 0..<4 {
                let digit = digits[Int(group >> UInt32(18 - 6 * place) & 63)]
                text.append(place <= part.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
