import Foundation

/// Where the program under test and the project's files lie.
enum Project {
    /// The project's folder.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path()
        .trimmingSuffix("/")

    static let sampleTraces = "\(root)/sample-traces"

    /// `WAITLINE_BINARY`, else the program that was built with these tests: it lies in a folder above theirs.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["WAITLINE_BINARY"], !named.isEmpty { return named }
        let starts = [Bundle.main.bundlePath, CommandLine.arguments.first ?? ""] + Bundle.allBundles.map(\.bundlePath)
        for start in starts {
            var folder = URL(filePath: start).resolvingSymlinksInPath()
            while folder.pathComponents.count > 1 {
                let candidate = folder.appending(path: "waitline").path()
                if isProgram(candidate) { return candidate }
                folder.deleteLastPathComponent()
            }
        }
        return "\(root)/.build/debug/waitline"
    }()

    /// The first of these that the search path has; nil without one.
    static func tool(_ names: String...) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":")
        return names.lazy.flatMap { name in folders.lazy.map { "\($0)/\(name)" } }.first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return false
        }
        return FileManager.default.isExecutableFile(atPath: path)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
