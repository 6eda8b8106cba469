import ArgumentParser
import Foundation

/// What was measured.
protocol Measurement: Encodable {
    /// Its tables, for people.
    var text: String { get }
}

/// What was measured, on what machine, and of which program.
struct Report<Content: Measurement>: Encodable {
    private let schema = "waitline.benchmark.v1"
    private let processor = Platform.processorName ?? "unknown processor"
    private let cores = Platform.cores
    private let program: String
    private let result: Content

    /// - Parameter program: What the program says of its version, and which binary it is.
    init(_ result: Content, program: String) { (self.result, self.program) = (result, program) }

    func print(_ format: ReportFormat) throws {
        switch format {
        case .text:
            Swift.print("\(program), on \(processor), \(cores) cores\n\(result.text)", terminator: "")
        case .json:
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
        }
    }
}

/// A table for people, JSON for programs.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// Says on standard error how far the measuring is.
func progress(_ text: String) { Platform.writeError("\(text)\n") }
