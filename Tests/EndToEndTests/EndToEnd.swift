import Testing

/// Tests of the whole program. One after the other: each waits for child processes, and would keep a thread of the pool
/// that the other tests need to go on.
@Suite("End to end", .serialized) enum EndToEnd {}

/// Tests of commands that read files and write what they found. They run beside the others, on the main actor, whose
/// thread is none of the pool's.
@Suite("Commands", .serialized) enum Commands {}
