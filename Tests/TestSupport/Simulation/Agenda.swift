/// What is to happen when: a heap by (time, order of adding).
struct Agenda<Entry> {
    private struct Item {
        var time: Int64
        var number: Int
        var entry: Entry

        func precedes(_ other: Item) -> Bool {
            time != other.time ? time < other.time : number < other.number
        }
    }

    private var items: [Item] = []
    private var added = 0

    mutating func add(_ entry: Entry, at time: Int64) {
        var place = items.count
        items.append(Item(time: time, number: added, entry: entry))
        added += 1
        while place > 0, items[place].precedes(items[(place - 1) / 2]) {
            items.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes out what is to happen first.
    mutating func next() -> (time: Int64, entry: Entry)? {
        guard let last = items.popLast() else { return nil }
        guard let first = items.first else { return (last.time, last.entry) }
        items[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < items.count {
                if items[child].precedes(items[least]) { least = child }
            }
            if least == place { return (first.time, first.entry) }
            items.swapAt(place, least)
            place = least
        }
    }
}
