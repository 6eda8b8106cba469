/// Where a server listens: what `serve` prints, a lock file keeps and a client connects to.
package struct ServerAddress: Sendable, Hashable {
    /// A name or an address, without brackets.
    package var host: String
    /// 0 lets the system pick one.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

extension ServerAddress: LosslessStringConvertible {
    /// As a URL, for example `http://127.0.0.1:8200`.
    package var description: String { "http://\(authority)" }

    /// As it stands in a `Host` header.
    var authority: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads `http://host:port`, with or without scheme, port (8200 then) and a slash at the end; nil for
    /// anything else, `https` too.
    package init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("http://") { rest = rest.dropFirst("http://".count) }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let name: Substring
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            name = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
        } else {
            name = rest.prefix { $0 != ":" }
            rest = rest.dropFirst(name.count)
        }
        guard !name.isEmpty, !name.contains(where: { "/@ ?#".contains($0) }) else { return nil }
        if rest.isEmpty {
            self.init(host: String(name), port: 8200)
        } else if rest.first == ":", let port = UInt16(rest.dropFirst()) {
            self.init(host: String(name), port: Int(port))
        } else {
            return nil
        }
    }
}
