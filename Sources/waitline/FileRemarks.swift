/// What there is to say of files beside the answer: one line on standard error.
struct FileRemarks {
    /// What was wrong with them, which ends the command with exit code 2.
    var problems: [String] = []
    /// What was taken with doubts, or left out.
    var warnings: [String] = []

    /// Says all of it; throws where something was wrong.
    func tell() throws(CommandFailure) {
        let text = (problems + warnings).joined(separator: "; ")
        if !problems.isEmpty { throw CommandFailure(.usage, text) }
        if !text.isEmpty { Platform.writeError("waitline: \(SafeLine.text(text))\n") }
    }
}
