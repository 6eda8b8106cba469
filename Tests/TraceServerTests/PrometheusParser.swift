/// Reads Prometheus' text format as its documentation states it, and refuses what it does not allow.
struct PrometheusParser {
    struct Malformed: Error {
        var line: String
        var reason: String
    }

    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
    }

    private(set) var types: [String: String] = [:]
    private(set) var helps: [String: String] = [:]
    private(set) var samples: [Sample: Double] = [:]
    /// The families in their order: samples of one stand together.
    private var families: [String] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "", reason: "the last line has no end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) { try read(line) }
    }

    /// A sample's value; nil where there is none.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples[Sample(name: name, labels: labels)]
    }

    private mutating func read(_ line: Substring) throws {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        if words[0] == "#" {
            guard words.count >= 4 else { throw Malformed(line: "\(line)", reason: "a comment of no kind") }
            if words[1] == "HELP" {
                guard helps.updateValue(words[3], forKey: words[2]) == nil else {
                    throw Malformed(line: "\(line)", reason: "a second HELP")
                }
                families.append(words[2])
            } else if words[1] == "TYPE", ["counter", "gauge", "histogram"].contains(words[3]) {
                guard types.updateValue(words[3], forKey: words[2]) == nil, families.last == words[2] else {
                    throw Malformed(line: "\(line)", reason: "TYPE stands elsewhere")
                }
            } else {
                throw Malformed(line: "\(line)", reason: "neither HELP nor TYPE")
            }
            return
        }
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+.0-9eEINnaf]+)/),
            let value = Double(String(match.3).replacing("Inf", with: "inf"))
        else { throw Malformed(line: "\(line)", reason: "no sample") }
        let sample = Sample(name: String(match.1), labels: try Self.labels(match.2 ?? "", line))
        let family = families.last ?? ""
        let isHistogram = types[family] == "histogram"
        let allowed = isHistogram ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
        guard allowed.contains(sample.name) else { throw Malformed(line: "\(line)", reason: "of another family") }
        guard samples.updateValue(value, forKey: sample) == nil else {
            throw Malformed(line: "\(line)", reason: "twice")
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var plain = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                plain.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                plain.append(character)
            }
        }
        return plain
    }

    private static func labels(_ text: Substring, _ line: Substring) throws -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/) else {
                throw Malformed(line: "\(line)", reason: "labels")
            }
            guard labels.updateValue(Self.unescaped(match.2), forKey: String(match.1)) == nil else {
                throw Malformed(line: "\(line)", reason: "a label twice")
            }
            rest = rest[match.range.upperBound...]
        }
        return labels
    }
}
