import Foundation
import Testing
import TraceCore
import TraceExport

/// A file in the Trace Event Format, read closely: what the format's description asks of each phase is checked as it is
/// read.
struct ChromeTraceFile {
    struct Entry {
        var phase: String
        var name: String
        var process: Int
        var thread: Int?
        var time: Int
        var duration: Int
        var category: String
        var id: String?
        var scope: String?
        var arguments: [String: Any]

        var end: Int { time + duration }

        func text(_ key: String) -> String? { arguments[key] as? String }
        func number(_ key: String) -> Int? { arguments[key] as? Int }
    }

    let other: [String: Any]
    let entries: [Entry]
    /// By process and by thread.
    private(set) var processNames: [Int: String] = [:]
    private(set) var threadNames: [Int: String] = [:]

    init(_ analysis: TraceAnalysis, edit: (inout ChromeTrace) -> Void = { _ in }) throws {
        var trace = ChromeTrace(analysis)
        edit(&trace)
        var text = ""
        trace.write { text += $0 }
        try self.init(text)
    }

    init(_ text: String) throws {
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(Set(json.keys) == ["displayTimeUnit", "otherData", "traceEvents"])
        #expect(json["displayTimeUnit"] as? String == "ms")
        other = try #require(json["otherData"] as? [String: Any])
        let events = try #require(json["traceEvents"] as? [[String: Any]])
        entries = try events.map(Self.entry)
        for entry in entries where entry.phase == "M" {
            if entry.name == "process_name" { processNames[entry.process] = entry.text("name") }
            if entry.name == "thread_name", let thread = entry.thread {
                #expect(threadNames[thread] == nil, "thread \(thread) is named twice")
                threadNames[thread] = entry.text("name")
            }
        }
        checkThreads()
        checkNesting()
        checkPairs()
        checkFlows()
    }

    /// The keys that each phase has beside `name`, `ph`, `pid`; `tid` and `args` may be there.
    private static let keys: [String: Set<String>] = [
        "X": ["ts", "dur", "cat", "args", "tid"], "b": ["ts", "cat", "id", "args", "tid"],
        "e": ["ts", "cat", "id", "args", "tid"], "s": ["ts", "cat", "id", "tid"],
        "f": ["ts", "cat", "id", "tid", "bp"], "i": ["ts", "cat", "s", "args"], "C": ["ts", "args"], "M": ["args"],
    ]

    private static func entry(_ event: [String: Any]) throws -> Entry {
        let phase = try #require(event["ph"] as? String)
        let wanted = try #require(Self.keys[phase], "phase \(phase)").union(["name", "ph", "pid"])
        let mayHaveThread = phase == "M" || phase == "i"
        let keys = Set(event.keys)
        #expect(keys == wanted || mayHaveThread && keys == wanted.union(["tid"]), "\(phase): \(keys)")
        if phase == "f" { #expect(event["bp"] as? String == "e") }
        if phase == "i" { #expect(event["s"] as? String == (event["tid"] == nil ? "p" : "t")) }
        // Numbers are whole, and as small as floating point keeps exactly.
        for key in ["ts", "dur"] {
            guard let number = event[key] as? NSNumber else { continue }
            #expect(number.int64Value >= 0 && number.doubleValue == Double(number.int64Value))
        }
        let entry = Entry(
            phase: phase, name: try #require(event["name"] as? String), process: try #require(event["pid"] as? Int),
            thread: event["tid"] as? Int, time: event["ts"] as? Int ?? 0, duration: event["dur"] as? Int ?? 0,
            category: event["cat"] as? String ?? "",
            id: (event["id"] as? String) ?? (event["id"] as? Int).map { "\($0)" }, scope: event["s"] as? String,
            arguments: event["args"] as? [String: Any] ?? [:])
        #expect(!entry.name.isEmpty)
        #expect(entry.process > 0 && entry.thread ?? 1 > 0)
        return entry
    }

    /// What stands on threads, in order of time, what stands around something before it.
    var slices: [Entry] {
        entries.enumerated().filter { $0.element.phase == "X" }.sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.time != b.time { return a.time < b.time }
            return a.duration != b.duration ? a.duration > b.duration : left.offset < right.offset
        }.map(\.element)
    }

    /// Slices of asynchronous pairs, as if they were of one piece.
    var asyncSlices: [Entry] {
        let ends = Dictionary(grouping: entries.filter { $0.phase == "e" }) { $0.id ?? "" }
        return entries.filter { $0.phase == "b" }.map { begin in
            var slice = begin
            slice.duration = (ends[begin.id ?? ""]?.first?.time ?? begin.time) - begin.time
            return slice
        }
    }

    func slices(on thread: String) -> [Entry] {
        slices.filter { $0.thread.flatMap { threadNames[$0] } == thread }
    }

    /// Every thread has a process, and both have a name and a place.
    private func checkThreads() {
        var processes: [Int: Int] = [:]
        for entry in entries {
            #expect(processNames[entry.process] != nil, "process \(entry.process)")
            guard let thread = entry.thread else { continue }
            #expect(threadNames[thread] != nil, "thread \(thread)")
            #expect(processes[thread, default: entry.process] == entry.process, "thread \(thread) of two processes")
            #expect(processNames[thread] == nil, "a thread that looks like the main one of a process")
            processes[thread] = entry.process
        }
        for kind in ["process", "thread"] {
            let sorted = entries.filter { $0.name == "\(kind)_sort_index" }.compactMap { $0.number("sort_index") }
            #expect(sorted.count == entries.count { $0.name == "\(kind)_name" })
            #expect(Set(sorted).count == sorted.count)
        }
    }

    /// Slices of a thread nest or follow one another.
    private func checkNesting() {
        var open: [Int: [Entry]] = [:]
        for slice in slices {
            guard let thread = slice.thread else { continue }
            while let last = open[thread]?.last, last.end <= slice.time { open[thread]?.removeLast() }
            if let last = open[thread]?.last {
                #expect(slice.end <= last.end, "\(slice.name) overlaps \(last.name) on \(thread)")
            }
            open[thread, default: []].append(slice)
        }
    }

    /// What begins asynchronously ends, once, not before it began.
    private func checkPairs() {
        var begun: [String: Entry] = [:]
        for entry in entries where entry.phase == "b" || entry.phase == "e" {
            guard let id = entry.id else { continue }
            if entry.phase == "b" {
                #expect(begun.updateValue(entry, forKey: id) == nil)
            } else {
                let begin = begun.removeValue(forKey: id)
                #expect(
                    begin?.name == entry.name && begin?.category == entry.category && entry.time >= begin?.time ?? .max)
            }
        }
        #expect(begun.isEmpty)
    }

    /// Arrows begin and end in slices, not after they ended.
    private func checkFlows() {
        let slices = Dictionary(grouping: slices) { $0.thread ?? 0 }
        var starts: [String: Entry] = [:]
        for entry in entries where entry.phase == "s" || entry.phase == "f" {
            let isBound = slices[entry.thread ?? 0]?.contains { $0.time <= entry.time && entry.time < $0.end } ?? false
            #expect(isBound, "an arrow's end in no slice: \(entry)")
            if entry.phase == "s" { #expect(starts.updateValue(entry, forKey: entry.id ?? "") == nil) }
        }
        for entry in entries where entry.phase == "f" {
            let start = starts.removeValue(forKey: entry.id ?? "")
            #expect(start.map { $0.time <= entry.time && $0.name == entry.name } ?? false)
        }
        #expect(starts.isEmpty)
    }
}
