/// Header fields of our own, between `waitline import` and the server that holds its database.
package enum IntakeHeaders {
    /// Of a request: the time, µs since the epoch, that its events are taken to have come at.
    package static let requestTime = "Waitline-Request-Time"
    /// Of an answer: how many of the accepted events had been stored before.
    package static let duplicates = "Waitline-Duplicates"
    /// Of an answer: how many of the accepted events are lost, since others with their ids were stored before.
    package static let conflicts = "Waitline-Conflicts"
}
