import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A document as a strict parser of XML reads it; an error where it is not well-formed.
struct ParsedXML {
    struct Element {
        var name: String
        var attributes: [String: String]
        /// Its own text and that of what is inside.
        var text = ""
        /// As an index into `elements`.
        var parent: Int?
    }

    struct NotWellFormed: Error {
        var line: Int
        var message: String
    }

    /// In the order in which they begin.
    private(set) var elements: [Element] = []

    init(_ text: String) throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        guard parser.parse(), parser.parserError == nil, !reader.elements.isEmpty else {
            throw NotWellFormed(line: parser.lineNumber, message: "\(String(describing: parser.parserError))")
        }
        elements = reader.elements
    }

    /// The elements of a name, those of a class where one is given.
    func all(_ name: String, class style: String? = nil) -> [Element] {
        elements.filter { $0.name == name && (style == nil || $0.classes.contains(style ?? "")) }
    }

    /// What stands in an element, at any depth.
    func inside(_ place: Int) -> [Element] {
        elements.indices.filter { child in
            var next = elements[child].parent
            while let current = next, current != place { next = elements[current].parent }
            return next == place
        }.map { elements[$0] }
    }

    /// The places of the elements of a class.
    func places(class style: String) -> [Int] { elements.indices.filter { elements[$0].classes.contains(style) } }

    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [Element] = []
        private var open: [Int] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            elements.append(Element(name: name, attributes: attributes, parent: open.last))
            open.append(elements.count - 1)
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            open.removeLast()
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            for place in open { elements[place].text += text }
        }
    }
}

extension ParsedXML.Element {
    var classes: [String] { (attributes["class"] ?? "").split(separator: " ").map(String.init) }

    func number(_ name: String) -> Double? { attributes[name].flatMap { Double($0) } }
}
