extension DatabaseJSON {
    /// What a command did to a database, `waitline.database.<command>.v1`: its path, the `file` it wrote where it wrote
    /// one, and numbers by name.
    package static func change(
        _ command: String, path: String, file: String? = nil, _ numbers: KeyValuePairs<String, Int>
    ) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.database.\(command).v1")
            json.key("path")
            json.string(path)
            if let file {
                json.key("file")
                json.string(file)
            }
            for (name, number) in numbers {
                json.key(name)
                json.integer(number)
            }
        }
        return json.text + "\n"
    }
}
