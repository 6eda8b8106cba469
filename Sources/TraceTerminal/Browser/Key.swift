/// What was typed, or done with the mouse. Columns and rows count from 0.
package enum Key: Sendable, Hashable {
    /// A letter, a digit, a sign: whatever is no command of the terminal's.
    case text(Unicode.Scalar)
    /// A letter with the control key held, in lower case.
    case control(Unicode.Scalar)
    case enter
    case tab
    case escape
    case backspace
    case delete
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// Text that was pasted as a whole.
    case paste(String)
    /// The left button went down.
    case click(column: Int, row: Int)
    case wheelUp(column: Int, row: Int)
    case wheelDown(column: Int, row: Int)
}
