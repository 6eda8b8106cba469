import TraceCore

extension RetentionKeeper {
    /// Removes the processes and the texts that nothing refers to, also those that were left over earlier.
    mutating func removeReferences(_ pause: Pause, _ removed: inout Removed) async throws {
        let highest = try await write(pause) { writer, _ in try writer.referenceRemoval.watch() }
        do {
            // The ids of a file that is damaged may be any.
            if max(highest.process, highest.string) <= IdentifierMarks.limit {
                try await removeReferences(upTo: highest, pause, &removed)
            }
        } catch {
            _ = try? await writer.keepHouse { writer, _ in writer.referenceRemoval.endWatching() }
            throw error
        }
        _ = try await writer.keepHouse { writer, _ in writer.referenceRemoval.endWatching() }
    }

    private mutating func removeReferences(
        upTo highest: (process: Int64, string: Int64), _ pause: Pause, _ removed: inout Removed
    ) async throws {
        var processes = IdentifierMarks(upTo: highest.process)
        var strings = IdentifierMarks(upTo: highest.string)
        for table in ReferenceQuery.Table.allCases {
            var place: ReferenceQuery.Place? = table.beginning
            while let behind = place {
                let (found, next) = try await read(pause) {
                    try $0.references().references(in: table, behind: behind)
                }
                processes.insert(found.processes)
                strings.insert(found.strings)
                place = next
            }
        }
        removed.processes += try await remove(pause, unmarked: processes, upTo: highest.process) {
            try $0.processes(behind: $1, upTo: highest.process)
        } by: {
            try $0.remove(processes: $1)
        }
        // Those of processes that stay: of the ones that were added since, it was seen which texts they were given.
        var behind: Int64? = 0
        while let place = behind {
            let (found, next) = try await read(pause) { try $0.references().stringsOfProcesses(behind: place) }
            strings.insert(found.strings)
            behind = next
        }
        removed.texts += try await remove(pause, unmarked: strings, upTo: highest.string) {
            try $0.strings(behind: $1, upTo: highest.string)
        } by: {
            try $0.remove(strings: $1)
        }
    }

    /// Goes through the ids that `list` gives and has those removed that are not marked; how many were.
    private mutating func remove(
        _ pause: Pause, unmarked marks: IdentifierMarks, upTo highest: Int64,
        list: @escaping @Sendable (ReferenceQuery, Int64) throws -> [Int64],
        by delete: @escaping @Sendable (ReferenceRemoval, [Int64]) throws -> Int
    ) async throws -> Int {
        var (behind, count): (Int64, Int) = (0, 0)
        while behind < highest {
            let ids = try await read(pause) { [behind] in try list($0.references(), behind) }
            guard let last = ids.last else { break }
            behind = last
            let unmarked = ids.filter { !marks.contains($0) }
            for start in stride(from: 0, to: unmarked.count, by: 250) {
                let some = Array(unmarked[start..<min(start + 250, unmarked.count)])
                count += try await write(pause) { writer, _ in try delete(writer.referenceRemoval, some) }
            }
        }
        return count
    }

    /// Gives free pages back to the file system, but for a part of the file as 1/spare; 0 is none.
    mutating func shorten(spare: Int, _ pause: Pause) async throws {
        while true {
            let free = try await writer.pragma("freelist_count") ?? 0
            let pages = try await writer.pragma("page_count") ?? 0
            guard free > (spare == 0 ? 0 : pages / spare) else { return }
            try await write(pause) { writer, isOver in try writer.removal.shorten(until: isOver) }
            // A file that was made elsewhere may not be able to.
            if try await writer.pragma("freelist_count") == free { return }
        }
    }
}
