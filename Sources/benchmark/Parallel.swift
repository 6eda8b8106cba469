import Foundation
import Synchronization

/// Threads that may block, unlike tasks.
enum Parallel {
    /// Calls a function with each number below a count, each on a thread of its own, and gives back what they gave, in
    /// order; throws what the first of them threw.
    static func map<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let results = Outcome<Result>(count)
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread {
                let result = Swift.Result { try body(number) }
                results.all.withLock { $0[number] = result }
                group.leave()
            }.start()
        }
        group.wait()
        return try results.all.withLock { try $0.compactMap { try $0?.get() } }
    }

    private final class Outcome<Result: Sendable>: Sendable {
        let all: Mutex<[Swift.Result<Result, any Error>?]>

        init(_ count: Int) { all = Mutex(Array(repeating: nil, count: count)) }
    }
}

/// Looks at a figure again and again on a thread of its own, and remembers the largest.
final class Watch: Sendable {
    private let largest = Mutex(0)
    private let isOver = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(every seconds: Double, _ figure: @escaping @Sendable () -> Int) {
        Thread { [self] in
            while !isOver.load(ordering: .relaxed) {
                let seen = figure()
                largest.withLock { $0 = max($0, seen) }
                Platform.sleep(seconds: seconds)
            }
            ended.signal()
        }.start()
    }

    /// Looks no more; the largest that was seen.
    func stop() -> Int {
        isOver.store(true, ordering: .relaxed)
        ended.wait()
        return largest.withLock { $0 }
    }
}

/// Counts, for several threads together.
final class Turn: Sendable {
    private let next = Atomic(0)

    /// 0, then 1, and so on.
    func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
}
