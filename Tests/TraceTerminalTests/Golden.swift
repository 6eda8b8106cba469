import Foundation
import Testing

/// Views as they look, stored as files; `WAITLINE_RECORD_GOLDENS=1` records them anew.
enum Golden {
    static func check(_ lines: [String], _ name: String, at location: SourceLocation = #_sourceLocation) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")
        let file = folder.appendingPathComponent(name + ".txt")
        let text = lines.map { $0 + "\n" }.joined()
        if ProcessInfo.processInfo.environment["WAITLINE_RECORD_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: file)
            return
        }
        let golden = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(text == golden, "differs from Goldens/\(name).txt", sourceLocation: location)
    }
}
