/// The table of metadata.
let metadataRules: [Rule] =
    [
        .serviceName("metadata.service.name", required: "metadata: service: 'name' required"),
        Rule(
            "metadata.service.name", accepts: [], rejects: ["\"\"": "'name': validation rule 'minLength(1)' violated"],
            required: "'name' required"),
        Rule("metadata.service", accepts: [], rejects: ["{}": "'metadata' required"], required: "'metadata' required"),
        Rule(
            "metadata.service.agent.name", accepts: ["\"x\""],
            rejects: ["\"\"": "agent: 'name': validation rule 'minLength(1)' violated", "5": "expected a string"],
            required: "agent: 'name' required"),
        .text("metadata.service.agent.version", required: "agent: 'version' required"),
        Rule(
            "metadata.service.agent", accepts: [], rejects: ["{}": "service: 'agent' required"],
            required: "service: 'agent' required"),
        .text("metadata.service.agent.ephemeral_id"),
        .text("metadata.service.agent.activation_method"),
        .text("metadata.service.environment"),
        .text("metadata.service.version"),
        .text("metadata.service.node.configured_name"),
        .text("metadata.service.framework.name"),
        .text("metadata.service.language.name"),
        Rule(
            "metadata.service.language", accepts: ["{}", #"{"name":"x"}"#],
            rejects: [
                #"{"version":"1"}"#: "language: 'name' required",
                #"{"name":"x","version":\#(Rule.quoted("x", 1025))}"#: "language: 'version'",
            ]),
        Rule(
            "metadata.service.language", accepts: [#"{"name":"","version":""}"#], rejects: ["5": "expected an object"]),
        .anyText("metadata.service.id"),
        .text("metadata.service.framework.version"),
        Rule(
            "metadata.service.runtime", accepts: ["{}", #"{"name":"x","version":"1"}"#],
            rejects: [#"{"version":"1"}"#: "runtime: 'name' required", #"{"name":"x"}"#: "runtime: 'version' required"]),
        .integer("metadata.process.pid"),
        Rule(
            "metadata.process", accepts: ["{}", #"{"pid":1,"ppid":2,"title":"x","argv":["a",null]}"#],
            rejects: [
                #"{"ppid":1}"#: "process: 'pid' required", #"{"pid":1,"title":\#(Rule.quoted("x", 1025))}"#: "'title'",
                #"{"pid":1,"argv":[5]}"#: "expected a string",
            ]),
        Rule(
            "metadata.cloud",
            accepts: [
                "{}", #"{"provider":"aws","region":"eu","account":{"id":"1","name":"x"}}"#,
                #"{"provider":"","availability_zone":"a","machine":{"type":"m"}}"#,
            ],
            rejects: [
                #"{"region":"eu"}"#: "cloud: 'provider' required",
                #"{"provider":"x","machine":{"type":\#(Rule.quoted("x", 1025))}}"#: "cloud: machine: 'type'",
                #"{"provider":"x","availability_zone":\#(Rule.quoted("x", 1025))}"#: "cloud: 'availability_zone'",
                #"{"provider":"x","region":5}"#: "expected a string",
                #"{"provider":\#(Rule.quoted("x", 1025))}"#: "cloud: 'provider'",
            ]),
        .labels("metadata.labels"),
        .textOrInteger("metadata.user.id"),
        .text("metadata.user.username"),
        .text("metadata.user.email"),
        .text("metadata.user.domain"),
        .text("metadata.system.host_id"),
        .text("metadata.system.configured_hostname"),
        .text("metadata.system.detected_hostname"),
        .text("metadata.system.hostname"),
        .text("metadata.system.architecture"),
        .text("metadata.system.platform"),
        .text("metadata.system.container.id"),
        .text("metadata.system.kubernetes.namespace"),
        .text("metadata.system.kubernetes.node.name"),
        .text("metadata.system.kubernetes.pod.name"),
        .text("metadata.system.kubernetes.pod.uid"),
        .text("metadata.network.connection.type"),
    ]
    + [
        ("account", "id"), ("account", "name"), ("instance", "id"), ("instance", "name"), ("project", "id"),
        ("project", "name"), ("service", "name"),
    ].map { cloudRule($0.0, $0.1) }

/// A member of an object of the cloud, which needs a provider beside it.
private func cloudRule(_ object: String, _ member: String) -> Rule {
    let json = { (value: String) in "{\"provider\":\"x\",\"\(object)\":{\"\(member)\":\(value)}}" }
    var rule = Rule(
        "metadata.cloud", accepts: [json("\"\""), json(Rule.quoted("é", 1024)), json("null")], rejects: [:])
    rule.rejected = [
        (json(Rule.quoted("x", 1025)), "cloud: \(object): '\(member)': validation rule 'maxLength(1024)' violated"),
        (json("5"), "cloud.\(object).\(member): expected a string"),
    ]
    return rule
}
