import Foundation
import LibFuzzer

/// Runs one of the targets with libFuzzer: `fuzz --target=NAME [libFuzzer's options and corpora]`.
///
/// SwiftPM gives a program's `main` another name, so that libFuzzer's own is never linked: its driver is called here.
@main
enum Fuzz {
    static func main() {
        let prefix = "--target="
        guard let argument = CommandLine.arguments.first(where: { $0.hasPrefix(prefix) }),
            let run = target(String(argument.dropFirst(prefix.count)))
        else {
            print("which target? --target=scanner, foundation, stream, line, inflate, figures, trace or text")
            exit(2)
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, run))
    }

    private typealias Target = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

    private static func target(_ name: String) -> Target? {
        switch name {
        case "scanner": { ScannerTarget.run(FuzzInput($0, $1)) }
        case "foundation": { FoundationTarget.run(FuzzInput($0, $1)) }
        case "stream": { StreamTarget.run(FuzzInput($0, $1)) }
        case "line": { LineTarget.run(FuzzInput($0, $1)) }
        case "inflate": { InflateTarget.run(FuzzInput($0, $1)) }
        case "figures": { FigureTarget.run(FuzzInput($0, $1)) }
        case "trace": { TraceTarget.run(FuzzInput($0, $1)) }
        case "text": { TextTarget.run(FuzzInput($0, $1)) }
        default: nil
        }
    }
}
