import Synchronization
import TraceTerminal

/// Moves keys, news and lines between the terminal, the browser and what reads for it.
struct BrowseLoop {
    /// What was read beside the keys, until the loop takes it.
    private final class Mailbox: Sendable {
        private let news = Mutex<[BrowserNews?]>([])

        func put(_ item: BrowserNews?) {
            news.withLock { $0.append(item) }
            TerminalSignals.wake()
        }

        func takeAll() -> [BrowserNews?] {
            news.withLock { news in
                defer { news = [] }
                return news
            }
        }
    }

    private var browser: Browser
    private let store: BrowseStore
    private let mailbox = Mailbox()
    private var terminal: TerminalSession
    private var decoder = KeyDecoder()
    private var screen = ScreenUpdate()
    private var isFollowing: Bool
    /// When to look again at what is followed; nil while somebody is looking.
    private var nextLook: ContinuousClock.Instant?

    /// An ESC by which so long nothing stands is the escape key, milliseconds.
    private static let escapeTime: Int32 = 50
    private static let followTime = Duration.milliseconds(500)

    /// Takes the terminal. Throws where it cannot be had.
    init(_ browser: Browser, _ store: BrowseStore, isFollowing: Bool) throws(CommandFailure) {
        self.browser = browser
        self.store = store
        self.isFollowing = isFollowing
        terminal = try TerminalSession()
        nextLook = isFollowing ? ContinuousClock.now : nil
    }

    /// Runs until the user leaves. Whatever happens, the terminal is as it was.
    mutating func run(_ first: [BrowserAction]) {
        terminal.begin()
        var end: Int32?
        var isOpen = carryOut(first)
        while isOpen, terminal.write(screen.show(browser.draw(terminal.size))) {
            switch terminal.next(milliseconds: waiting) {
            case .bytes(let bytes): isOpen = handle(decoder.keys(bytes))
            case .closed: isOpen = false
            case .nothing:
                if decoder.isHolding { isOpen = handle(decoder.pause()) }
                look()
            case .requests(let requests):
                for request in requests {
                    switch request {
                    case .end(let signal): (end, isOpen) = (signal, false)
                    case .stop: suspend()
                    case .goOn:
                        terminal.begin()
                        screen.forget()
                    case .otherSize: screen.forget()
                    case .news: isOpen = takeNews() && isOpen
                    }
                }
            }
        }
        terminal.end()
        if let end { Platform.die(of: end) }
    }

    /// How long to wait for what comes next, milliseconds.
    private var waiting: Int32 {
        if decoder.isHolding { return Self.escapeTime }
        guard isFollowing, let nextLook else { return -1 }
        let left = ContinuousClock.now.duration(to: nextLook)
        return Int32(max(0, min(500, left / .milliseconds(1))))
    }

    private mutating func handle(_ keys: [Key]) -> Bool {
        keys.allSatisfy { carryOut(browser.handle($0)) }
    }

    private mutating func takeNews() -> Bool {
        var isOpen = true
        for news in mailbox.takeAll() {
            guard let news else {
                // Whoever looked has found nothing.
                nextLook = ContinuousClock.now + Self.followTime
                continue
            }
            isOpen = carryOut(browser.receive(news)) && isOpen
        }
        return isOpen
    }

    /// False where it is time to leave.
    private mutating func carryOut(_ actions: [BrowserAction]) -> Bool {
        for action in actions {
            switch action {
            case .quit: return false
            case .suspend: suspend()
            case .redraw: screen.forget()
            case .copy(let text): if !terminal.copy(text) { return false }
            case .follow(let isOn):
                isFollowing = isOn
                nextLook = isOn ? ContinuousClock.now : nil
            case .readRuns, .readRun, .readPage, .makeReport, .makeReplay:
                let (store, mailbox) = (store, mailbox)
                Task.detached { if let news = await store.perform(action) { mailbox.put(news) } }
            }
        }
        return true
    }

    /// Looks for what is new, beside the keys, when it is time.
    private mutating func look() {
        guard isFollowing, let time = nextLook, time <= ContinuousClock.now else { return }
        nextLook = nil
        let (store, mailbox, isList) = (store, mailbox, browser.showsList)
        Task.detached {
            if let news = await store.look(isList: isList) { mailbox.put(news) }
            mailbox.put(nil)
        }
    }

    private mutating func suspend() {
        terminal.end()
        Platform.stop()
        terminal.begin()
        screen.forget()
    }
}
