/// The first line of a stream: who sends it.
enum MetadataShape {
    static var metadata: Shape {
        Shape([Field("metadata", .object(body), .required)])
    }

    private static var body: Shape {
        Shape([
            Field("labels", .labels),
            Field("service", .object(service), .required),
            Field("cloud", .object(cloud)),
            Field("system", .object(system)),
            Field("user", .object(CommonShapes.user)),
            Field("network", .object(Shape([Field("connection", .object(Shape([Field("type", .text)])))]))),
            Field("process", .object(process)),
        ])
    }

    private static var service: Shape {
        Shape([
            Field("agent", .object(agent), .required),
            Field("environment", .text, as: .environment),
            Field("framework", .object(Shape([Field("name", .text), Field("version", .text)]))),
            Field("id", .anyText),
            Field("language", .object(Shape([Field("name", .text, .required), Field("version", .text)]))),
            Field("name", .serviceName(atLeast: 1), .required, as: .service),
            Field("node", .object(Shape([Field("configured_name", .text, as: .node)]))),
            Field(
                "runtime", .object(Shape([Field("name", .text, .required), Field("version", .text, .required)]))),
            Field("version", .text, as: .version),
        ])
    }

    private static var agent: Shape {
        Shape([
            Field("activation_method", .text),
            Field("ephemeral_id", .text),
            Field("name", .text(atMost: 1024, atLeast: 1), .required, as: .agent),
            Field("version", .text, .required),
        ])
    }

    private static var cloud: Shape {
        let named = Shape([Field("id", .text), Field("name", .text)])
        return Shape([
            Field("account", .object(named)),
            Field("availability_zone", .text),
            Field("instance", .object(named)),
            Field("machine", .object(Shape([Field("type", .text)]))),
            Field("project", .object(named)),
            Field("provider", .text, .required),
            Field("region", .text),
            Field("service", .object(Shape([Field("name", .text)]))),
        ])
    }

    private static var system: Shape {
        Shape([
            Field("architecture", .text),
            Field("configured_hostname", .text, as: .configuredHost),
            Field("container", .object(Shape([Field("id", .text, as: .container)]))),
            Field("detected_hostname", .text, as: .detectedHost),
            Field("hostname", .text, as: .host),
            Field("kubernetes", .object(kubernetes)),
            Field("platform", .text),
            Field("host_id", .text),
        ])
    }

    private static var kubernetes: Shape {
        Shape([
            Field("namespace", .text),
            Field("node", .object(Shape([Field("name", .text)]))),
            Field("pod", .object(Shape([Field("name", .text), Field("uid", .text)]))),
        ])
    }

    private static var process: Shape {
        Shape([
            Field("argv", .texts(atMost: .max)),
            Field("title", .text),
            Field("pid", .integer(), .required, as: .process),
            Field("ppid", .integer()),
        ])
    }
}
