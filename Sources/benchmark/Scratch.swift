import Synchronization

/// A folder for the files of one measurement.
struct Scratch: Sendable {
    let path: String

    /// Makes it in another folder, that of temporary files by default.
    init(in parent: String?) throws {
        guard let path = Platform.makeFolder(in: parent) else {
            throw Failure("cannot make a folder in \(parent ?? "the folder of temporary files"): \(Platform.lastError)")
        }
        self.path = path
        Belongings.all.withLock { _ = $0.folders.insert(path) }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func remove() {
        Platform.removeFolder(path)
        Belongings.all.withLock { _ = $0.folders.remove(path) }
    }
}
