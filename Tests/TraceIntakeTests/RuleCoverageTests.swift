import Testing

@testable import TraceIntake

/// What holds for every row of the tables, and that there is a row for every member.
@Suite("Every row of the protocol's tables")
struct RuleCoverageTests {
    private static let eventRules = transactionRules + spanRules + errorRules + metricsetRules + logRules
    private static let allRules = eventRules + metadataRules

    @Test(
        "every member of a line has a value that is accepted and one that is rejected",
        arguments: ["transaction", "span", "metadata", "error", "metricset", "log"])
    func complete(_ type: String) {
        let members = Self.members(of: Self.shape(type), below: "")
        #expect(members.count > 10)
        for member in members {
            let rows = Self.allRules.filter { $0.path == member || member.hasPrefix($0.path + ".") }
            let key = "\"" + (member.split(separator: ".").last ?? "") + "\":"
            let isAccepted = rows.contains { row in
                row.accepted.contains { $0 != "null" && (row.path == member || $0.contains(key)) }
            }
            #expect(isAccepted, "\(member)")
            let isRejected = rows.contains { row in
                row.rejected.contains { row.path == member || $0.json?.contains(key) == true }
            }
            #expect(isRejected, "\(member)")
        }
    }

    private static func shape(_ type: String) -> Shape {
        switch type {
        case "transaction": EventShapes.transaction
        case "span": EventShapes.span
        case "metadata": MetadataShape.metadata
        case "error": SideShapes.error
        case "metricset": SideShapes.metricset
        default: SideShapes.log
        }
    }

    /// The paths of all members of a line that hold no known object themselves; `/` stands for a dot in a key.
    private static func members(of shape: Shape, below path: String) -> [String] {
        shape.fields.flatMap { field in
            let member = (path.isEmpty ? "" : path + ".") + field.key.replacing(".", with: "/")
            switch field.rule {
            case .object(let child), .objectIfAny(let child), .objects(let child), .samples(let child):
                return members(of: child, below: member)
            default: return [member]
            }
        }
    }

    @Test("keys match in either case", arguments: allRules)
    func upperCase(_ rule: Rule) {
        for json in rule.accepted {
            #expect(Self.isAccepted(Self.renamed(rule, json)), "\(rule.path): \(json.prefix(80))")
        }
        for (json, _) in rule.rejected {
            guard let json else { continue }
            #expect(!Self.isAccepted(Self.renamed(rule, json)), "\(rule.path): \(json.prefix(80))")
        }
    }

    /// The smallest line of a rule's type with a value at its path, all keys below the type in upper case.
    private static func renamed(_ rule: Rule, _ json: String) -> SentObject {
        Smallest.of(rule.type).with(rule.path, json).mappingKeys(below: 1) { $0.uppercased() }
    }

    @Test("of a key that comes twice the last value counts", arguments: allRules)
    func duplicates(_ rule: Rule) {
        let name = rule.path.split(separator: ".").last.map { $0.replacing("/", with: ".") } ?? ""
        let isSimple = { (json: String) in !json.hasPrefix("{") && !json.hasPrefix("[") && json != "null" }
        guard let good = rule.accepted.first(where: isSimple) else { return }
        for (json, message) in rule.rejected {
            // A value that is no JSON of its type is an error wherever it stands.
            guard let json, isSimple(json), message.contains("validation rule") else { continue }
            let smallest = Smallest.of(rule.type)
            let mended = smallest.with(rule.path, "\(json),\"\(name)\":\(good)")
            #expect(Self.isAccepted(mended), "\(rule.path): \(json.prefix(80))")
            let spoilt = smallest.with(rule.path, "\(good),\"\(name)\":\(json)")
            #expect(!Self.isAccepted(spoilt), "\(rule.path): \(json.prefix(80))")
        }
    }

    @Test("members that the protocol does not know are ignored, whatever they hold", arguments: allRules)
    func unknownMembers(_ rule: Rule) {
        let parent = rule.path.split(separator: ".").dropLast().joined(separator: ".")
        for json in rule.accepted {
            var line = Smallest.of(rule.type).with(rule.path, json)
            guard json != "null" else { continue }
            for (key, value) in [("zz", "5"), ("zz/id", "null"), ("idd", #"{"id":[{"type":5},"x"]}"#)] {
                line = line.with("\(parent).\(key)", value)
            }
            #expect(Self.isAccepted(line), "\(rule.path): \(json.prefix(80))")
        }
    }

    @Test("a broken line beside each row's never stops the stream", arguments: eventRules)
    func goesOn(_ rule: Rule) {
        let event = Smallest.transaction.json
        let broken = rule.rejected.map { Smallest.of(rule.type).with(rule.path, $0.json).json }
        let intake = Intake(lines: broken.flatMap { [$0, event] })
        #expect(intake.result.accepted == broken.count)
        #expect(intake.result.rejected == broken.count)
        #expect(intake.result.failure == nil)
    }

    private static func isAccepted(_ line: SentObject) -> Bool {
        let isMetadata = line.json.hasPrefix("{\"metadata\"")
        let lines = isMetadata ? [line.json, Smallest.transaction.json] : [Smallest.metadata.json, line.json]
        let result = Intake(lines.map { $0 + "\n" }.joined()).result
        #expect(result.accepted == 1 || result.errors.count == 1)
        return result.accepted == 1
    }
}
