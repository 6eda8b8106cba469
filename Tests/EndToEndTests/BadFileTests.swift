import Testing

extension Commands {
    /// Files that are not what they should be: one line that says what and where, the right exit code, and all that could
    /// be read is kept.
    @Suite("Bad files")
    @MainActor struct BadFileTests {
        @Test func missing() throws {
            let sandbox = try Sandbox()
            let path = sandbox.path("missing.ndjson")
            for command in ["import", "report", "waterfall"] {
                try sandbox.waitline(command, path).failed(3, "\(path): No such file or directory")
            }
            // All files are looked at before the first is stored.
            try sandbox.waitline("import", SampleTrace.before.path, path).failed(3, path)
            #expect(try Files.names(in: sandbox.folder).isEmpty)
        }

        @Test func aFolder() throws {
            let sandbox = try Sandbox()
            for command in ["import", "report", "waterfall"] {
                try sandbox.waitline(command, sandbox.folder).failed(3, "Is a directory")
            }
        }

        @Test(arguments: [
            "hello\n", "\n", "\u{FEFF}{}\n", "{}\n", #"{"transaction": {}}"# + "\n", "PK\u{3}\u{4}\u{0}\u{1}",
            "id,name\n1,a\n",
        ])
        func notNDJSON(_ content: String) throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("other.ndjson", content)
            for command in ["import", "report", "waterfall"] {
                try sandbox.waitline(command, path).failed(2, path)
            }
            #expect(try sandbox.runs().runs.isEmpty)
        }

        @Test func empty() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("empty.ndjson", "")
            // A body of no bytes is none the intake complains of.
            #expect(try sandbox.importing(path).accepted == 0)
            #expect(try sandbox.importing("-").accepted == 0)
            for command in ["report", "waterfall"] {
                try sandbox.waitline(command, path).failed(1, path)
            }
        }

        @Test func onlyMetadata() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("metadata.ndjson", try SampleTrace.before.lines()[0] + "\n")
            #expect(try sandbox.importing(path).accepted == 0)
            try sandbox.waitline("report", path).failed(1, path)
            #expect(try sandbox.runs().runs.isEmpty)
        }

        @Test func namedGzipAndIsNot() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("before.ndjson.gz", try Files.read(SampleTrace.before.path))
            for command in ["import", "report", "waterfall"] {
                try sandbox.waitline(command, path).failed(2, "\(path) is named .gz and is not gzip")
            }
        }

        @Test func cutOffGzip() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("cut.ndjson.gz", try Files.read(SampleTrace.manyBefore.path).prefix(100_000))
            let outcome = try sandbox.waitline("import", "--format", "json", path).failed(2, "\(path) is cut off")
            let answer: ImportAnswer = try outcome.decoded()
            #expect(answer.accepted == 1_598)
            #expect(answer.rejected == 0)
            let stored = try #require(try sandbox.runs().runs.first)
            #expect(stored.transactions + stored.spans == 1_598, "every whole line is stored")
            // Read as a file, it gives the same answer, and says the same of itself.
            let read = try sandbox.waitline("report", path).failed(2, "\(path) is cut off")
            #expect(read.outputBytes == (try sandbox.waitline("report", "all").succeeded().outputBytes))
            // The whole file fills in what was missing.
            #expect(try sandbox.importing(SampleTrace.manyBefore.path).duplicates == 1_598)
        }

        @Test func damagedGzip() throws {
            let sandbox = try Sandbox()
            var bytes = try Files.read(SampleTrace.manyBefore.path)
            for index in 200_000..<200_064 { bytes[index] ^= 0x55 }
            let path = try sandbox.write("damaged.ndjson.gz", bytes)
            try sandbox.waitline("import", path).failed(2, path)
            let whole = try Files.read(SampleTrace.manyBefore.path)
            let trailing = try sandbox.write("trailing.gz", whole + Array("junk".utf8))
            try sandbox.waitline("report", trailing).failed(2, trailing)
        }

        @Test func cutOffPlainFile() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("cut.ndjson", try Files.read(SampleTrace.before.path).prefix(5_000))
            let outcome = try sandbox.waitline("import", "--format", "json", path).failed(
                2, "1 line of \(path) rejected")
            let answer: ImportAnswer = try outcome.decoded()
            #expect(answer.accepted == 8)
            #expect(answer.rejected == 1)
            #expect(answer.errors.map(\.line) == [10])
            #expect(try sandbox.runs().runs.map(\.spans) == [8])
            // There is no task among them; what is wrong with the file is still what is said.
            try sandbox.waitline("report", path).failed(2, "1 line of \(path) rejected")
        }

        @Test func aPipeThatIsCutOff() throws {
            let sandbox = try Sandbox()
            let half = Array(try Files.read(SampleTrace.manyBefore.path).prefix(50_000))
            try sandbox.waitline("import", "-", input: half).failed(2, "cut off")
            #expect(try #require(try sandbox.runs().runs.first).spans > 500)
        }
    }
}
