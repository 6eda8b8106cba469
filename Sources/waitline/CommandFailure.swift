import TraceServer
import TraceStorage

/// Why a command ends with something else than 0.
struct CommandFailure: Error {
    /// Exit codes (source: "Everywhere" of the command line's contract).
    enum Code: Int32 {
        /// The answer is no: nothing found, an unknown run.
        case no = 1
        /// Bad usage or bad input.
        case usage = 2
        /// The database or a file cannot be read or written.
        case inputOutput = 3
    }

    var code: Code
    /// One line: what, where, what to do. Nil where all has been said.
    var message: String?

    init(_ code: Code, _ message: String?) {
        self.code = code
        self.message = message
    }

    /// What an error of one of the parts means for the command; nil for the argument parser's own.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as StorageError: self.init(.inputOutput, error.message)
        case let error as ServerError: self.init(.inputOutput, error.description)
        case let error as ClientError: self.init(.inputOutput, "\(error)")
        default: return nil
        }
    }
}

/// Standard output was closed by its reader, as `head` does: no error.
struct BrokenPipe: Error {}
