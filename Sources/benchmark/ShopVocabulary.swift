/// The words of a web shop that its load is made of.
enum ShopVocabulary {
    static let routes: [Route] = {
        let paths = [
            "baskets/{basket}", "customers/{customer}/addresses", "checkout/confirm", "catalogue/search",
            "stock/{article}",
            "suggestions", "signin", "signout", "invoices/{invoice}", "articles/{article}/ratings", "returns", "status",
        ]
        return ["GET", "POST", "PUT", "DELETE"].flatMap { method in
            ["1", "2"].flatMap { version in
                paths.map { Route(method: method, path: "/shop/v\(version)/\($0)") }
            }
        }
    }()

    struct Route: Sendable {
        var method: String
        var path: String
    }

    /// How often each status is answered, in percent.
    static let statuses: [(status: Int, weight: Int)] = [
        (200, 80), (201, 5), (204, 3), (304, 2), (400, 4), (404, 3), (500, 2), (503, 1),
    ]

    static let tables = [
        "baskets", "customers", "transfers", "basket_lines", "stock", "visits", "ratings", "articles", "notices",
        "change_log",
    ]

    static let calls: [Call] = [
        Call(.database, "postgresql", "query"), Call(.database, "mysql", "query"), Call(.database, "sqlite", "query"),
        Call(.database, "elasticsearch", "search"), Call(.database, "mongodb", "find"), Call(.external, "http", nil),
        Call(.other("cache"), "redis", "SET"), Call(.other("cache"), "memcached", "get"),
        Call(.other("template"), "mustache", "render"), Call(.other("messaging"), "rabbitmq", "send"),
        Call(.other("storage"), "s3", "PutObject"),
    ]

    /// What a span does.
    struct Call: Sendable {
        enum Kind: Sendable {
            case database
            case external
            case other(String)
        }

        var kind: Kind
        var subtype: String
        var action: String?

        init(_ kind: Kind, _ subtype: String, _ action: String?) {
            (self.kind, self.subtype, self.action) = (kind, subtype, action)
        }
    }

    static let browsers = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0 shop-embedded/2.11",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari",
        "shop-mobile/8.4.1 (Android 14)",
    ]

    static let regions = ["north", "south", "overseas"]
    static let functions = ["fetch_rows", "call_service", "render_page", "with_retries", "handle_request"]

    static let metadata = """
        {"metadata":{"service":{"name":"webshop","version":"3.8.1","environment":"production",\
        "agent":{"name":"python","version":"6.22.3"},"language":{"name":"python","version":"3.12.3"},\
        "runtime":{"name":"CPython","version":"3.12.3"},"framework":{"name":"flask","version":"3.0.3"},\
        "node":{"configured_name":"webshop-1"}},"process":{"pid":311,"ppid":1,"title":"/usr/bin/python3",\
        "argv":["python3","-m","webshop"]},"system":{"hostname":"shop-host-1","architecture":"x86_64",\
        "platform":"linux","container":{"id":"3f0c5a9b77d1426ea8b0c1d2e3f40516"},\
        "kubernetes":{"namespace":"shop","pod":{"name":"webshop-1"},"node":{"name":"worker-2"}}},\
        "cloud":{"provider":"none","region":"cellar","availability_zone":"cellar-a"},\
        "labels":{"team":"storefront","tier":"web"}}}

        """
}
