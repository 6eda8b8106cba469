import TraceCore

/// Where the columns of a waterfall stand at a width.
struct WaterfallGeometry {
    enum Arrangement {
        /// Name, bar and numbers on one line.
        case beside
        /// The name lies on the bar, a line above it.
        case stacked
        /// No bars.
        case list
    }

    /// A column of numbers.
    enum Quantity: String {
        case total
        case wait
        case work
        /// How many tasks a lane has.
        case tasks

        /// Of rows, the last to go first where there is no room.
        static let ofRows: [Quantity] = [.total, .wait, .work]
        static let ofLanes: [Quantity] = [.work, .tasks]
    }

    let width: Int
    let arrangement: Arrangement
    /// Where names begin, behind the marker.
    let nameColumn = 2
    let nameWidth: Int
    let barColumn: Int
    /// 0 in a list.
    let cells: Int
    let quantities: [Quantity]
    /// Of every column of numbers, without the two blanks before it.
    let numberWidth: Int

    /// `widestName` is the width of the widest name shown, with its tree and marks; `numberWidth` that of the widest
    /// number of the columns of numbers, `columns`.
    init(width: Int, widestName: Int, numberWidth: Int, columns: [Quantity]) {
        self.width = width
        let numberWidth = max(5, numberWidth)
        self.numberWidth = numberWidth
        func numbers(_ count: Int) -> Int { count * (numberWidth + 2) }
        arrangement = width < 40 ? .list : width < 60 ? .stacked : .beside
        switch arrangement {
        case .beside:
            nameWidth = min(max(widestName, (width * 12 + 99) / 100), width * 30 / 100)
            barColumn = nameColumn + nameWidth + 1
            let room = width - barColumn
            let wanted = min(columns.count, width < 70 ? 1 : width < 80 ? 2 : 3)
            let count = (1...wanted).last { room - numbers($0) >= 20 } ?? 1
            quantities = Array(columns.prefix(count))
            cells = max(1, room - numbers(count))
        case .stacked, .list:
            let nameColumn = nameColumn
            let count = (1...columns.count).last { width - nameColumn - numbers($0) >= 14 } ?? 1
            quantities = Array(columns.prefix(count))
            nameWidth = max(1, width - nameColumn - numbers(count))
            barColumn = nameColumn
            // One column stays free behind the bar, for the sign of a failure.
            cells = arrangement == .list ? 0 : width - nameColumn - 1
        }
    }

    /// Where a column of numbers ends.
    func end(of quantity: Int) -> Int { width - (quantities.count - 1 - quantity) * (numberWidth + 2) }
}
