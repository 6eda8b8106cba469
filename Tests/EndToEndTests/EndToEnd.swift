import Testing

/// All tests of the whole program. One after the other: each waits for child processes, and would keep a thread of the
/// pool that the other tests need to go on.
@Suite("End to end", .serialized) enum EndToEnd {}
