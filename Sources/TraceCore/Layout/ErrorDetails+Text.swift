extension ErrorDetails {
    /// Its type and message, with the line breaks they were sent with. Some agents begin the message with the type.
    package var title: String {
        switch (type, message) {
        case (let type?, let message?) where message.hasPrefix(type + ": "): message
        case (let type?, let message?) where !message.isEmpty: type + ": " + message
        case (let type?, _): type
        case (nil, let message?): message
        case (nil, nil): "(no message)"
        }
    }
}
