/// What is wrong with a JSON text: not the grammar, or not the type that its place asks for.
enum JSONFailure: Error {
    case expectedObject
    case expectedArray
    case expectedString
    case expectedInteger
    case expectedNumber
    case expectedBoolean
    case expectedValue
    case expectedKey
    case expectedColon
    case unfinishedObject
    case unfinishedArray
    case unfinishedString
    case controlCharacter
    case invalidEscape
    case integerOverflow
    case numberOverflow
    case tooDeep
    case invalidTimestamp
    case invalidHeader

    /// What an agent is told.
    var message: String {
        switch self {
        case .expectedObject: "expected an object"
        case .expectedArray: "expected an array"
        case .expectedString: "expected a string"
        case .expectedInteger: "expected an integer"
        case .expectedNumber: "expected a number"
        case .expectedBoolean: "expected true or false"
        case .expectedValue: "expected a value"
        case .expectedKey: "expected a key"
        case .expectedColon: "expected a colon after a key"
        case .unfinishedObject: "expected a comma or the end of an object"
        case .unfinishedArray: "expected a comma or the end of an array"
        case .unfinishedString: "a string without an end"
        case .controlCharacter: "a control character in a string"
        case .invalidEscape: "an invalid escape in a string"
        case .integerOverflow: "an integer of more than 64 bits"
        case .numberOverflow: "a number out of range"
        case .tooDeep: "nested too deeply"
        case .invalidTimestamp: "expected microseconds or an RFC 3339 time"
        case .invalidHeader: "expected a string or an array of strings"
        }
    }
}
