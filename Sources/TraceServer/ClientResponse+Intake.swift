#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an intake's answers say to an agent.
extension ClientResponse {
    /// The version that `GET /` names, if it is one that agents understand: three numbers with points between them.
    package var intakeVersion: (major: Int, minor: Int, patch: Int)? {
        struct Identity: Decodable {
            var version: String
        }
        guard let identity = try? JSONDecoder().decode(Identity.self, from: Data(body)) else { return nil }
        let parts = identity.version.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        return (numbers[0], numbers[1], numbers[2])
    }

    /// How many events the answer to a request with `verbose` says were accepted.
    package var acceptedEvents: Int? {
        struct Result: Decodable {
            var accepted: Int
        }
        return (try? JSONDecoder().decode(Result.self, from: Data(body)))?.accepted
    }
}
