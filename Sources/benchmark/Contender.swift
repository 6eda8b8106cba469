/// A program under test.
enum Contender: Sendable {
    /// `waitline serve`, by the path of the program.
    case waitline(String)
    /// Another server, which is told its port and its database.
    case server(CommandTemplate)
    /// A program that reads a file of request bodies, stores their events in a database, and ends.
    case reader(CommandTemplate)

    /// A reference, by its command.
    init(reference command: String) throws {
        let template = CommandTemplate(command)
        switch (template.has("port"), template.has("requests")) {
        case (true, false) where template.has("db"): self = .server(template)
        case (false, true) where template.has("db"): self = .reader(template)
        default: throw Failure("it needs {db}, and either {port} or {requests}")
        }
    }

    var name: String {
        switch self {
        case .waitline: "waitline"
        case .server(let template), .reader(let template): template.name
        }
    }
}

/// A command with places to fill in, each a name in braces.
struct CommandTemplate: Sendable {
    private let text: String

    init(_ text: String) { self.text = text }

    func has(_ place: String) -> Bool { text.contains("{\(place)}") }

    /// Its words up to the first place, files without their folders: `python3 baseline.py`.
    var name: String {
        let words = text.split(separator: " ").prefix { !$0.contains("{") }
        return words.compactMap { $0.split(separator: "/").last.map { String($0) } }.joined(separator: " ")
    }

    /// The arguments of a shell that becomes the command. Values stand in it as they are, within quotes or not; throws
    /// where a shell would take part of one for its own.
    func arguments(_ values: [String: String]) throws -> [String] {
        var command = text
        for (place, value) in values where has(place) {
            let isPlain = value.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789/._-+,=@:".unicodeScalars.contains($0)
            }
            guard isPlain else { throw Failure("`\(value)` cannot stand in a command: choose another --folder") }
            command = command.replacing("{\(place)}", with: value)
        }
        return ["/bin/sh", "-c", "exec \(command)"]
    }
}
