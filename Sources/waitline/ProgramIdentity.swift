import TraceServer

extension IntakeConfiguration.Identity {
    /// This program: built when its file was last changed, and of its own version where APM Server names a revision.
    static var ofThisProgram: IntakeConfiguration.Identity {
        var identity = IntakeConfiguration.Identity()
        identity.buildRevision = "waitline-\(Version.text)"
        if let path = Platform.programPath, let descriptor = Platform.openFile(path) {
            if let time = Platform.modificationTime(descriptor) { identity.buildDate = Platform.utcText(time) }
            Platform.close(descriptor)
        }
        return identity
    }
}
