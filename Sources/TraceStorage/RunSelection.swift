package import TraceCore

/// A set of stored runs, by what they are called or carry (source: "Selectors" of the command line's contract).
package enum RunSelection: Sendable, Hashable {
    case all
    /// The text of a trace id, or the beginning of it.
    case tracePrefix(String)
    /// Counted from the newest run that has a group, 0 being that one; without any group, from the newest.
    case latest(Int)
    /// Some transaction of the run, or its metadata, carries the label.
    case label(key: String, value: String)
    /// Some transaction of the run has this `service.version`.
    case version(String)
    /// Runs that start inside these points in time, µs since the epoch; nil is open.
    case started(from: Int64?, to: Int64?)
}

/// A stored run, before its events are read.
package struct StoredRun: Sendable, Hashable {
    /// Its number in order of arrival.
    package var number: Int64
    package var trace: Identifier
    /// µs since the epoch: the earliest start of its events.
    package var start: Int64
    /// µs since the epoch: when the last request came that brought something of it.
    package var lastRequest: Int64
    /// The same without imports: when a process last sent something of it; nil where all of it was imported.
    package var lastSent: Int64?
}
