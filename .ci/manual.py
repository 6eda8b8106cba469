"""Writes the manual page of a waitline program, from what its `--help` knows.

Usage: python3 .ci/manual.py PROGRAM > waitline.1
"""
import json
import re
import subprocess
import sys

# An option that so many commands have is told of once.
COMMON = 5

ENVIRONMENT = [
    ("WAITLINE_DATABASE", "The database file, where --database does not name one."),
    ("XDG_DATA_HOME", "Where it lies otherwise, as waitline/waitline.db; ~/.local/share if unset."),
    ("WAITLINE_SECRET_TOKEN, WAITLINE_API_KEY", "Credentials: of `serve` those that it takes, of others the one that they show."),
    ("WAITLINE_WAIT_WORDS", "A file of words that tell a wait span, where --wait-words does not name one."),
    ("WAITLINE_PSEUDONYM_KEY", "A secret that pseudonyms are made with: without it, whoever can guess a user's id can check the guess."),
    ("COLUMNS, NO_COLOR, TERM, COLORTERM, LC_ALL, LC_CTYPE, LANG, TZ", "How answers are drawn, as in other programs."),
]

EXIT_STATUS = [
    ("0", "Done."),
    ("1", "The answer is no: nothing was found, a check failed, a --fail-if held."),
    ("2", "Bad usage or bad input."),
    ("3", "The database or a file cannot be read or written."),
]


def escaped(text):
    """Text that means itself, wherever it stands."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq").replace("~", "\\(ti").replace("^", "\\(ha")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return "\\&" + text if text.startswith(".") else text


def paragraphs(text):
    """Paragraphs, and lines that are indented as they are."""
    verbatim = False
    for line in text.split("\n"):
        if line.startswith("  ") != verbatim:
            verbatim = not verbatim
            yield ".PP\n.nf" if verbatim else ".fi"
        if line.strip():
            yield escaped(line) if verbatim else escaped(line.strip())
        elif not verbatim:
            yield ".PP"
    if verbatim:
        yield ".fi"


def name(argument):
    if argument["kind"] == "positional":
        text = f"\\fI{escaped(argument['valueName'])}\\fR"
        return text + " ..." if argument["isRepeating"] else text
    names = ["\\fB" + escaped(("--" if n["kind"] == "long" else "-") + n["name"]) + "\\fR" for n in argument["names"]]
    value = f" \\fI{escaped(argument['valueName'])}\\fR" if argument["kind"] == "option" else ""
    return ", ".join(reversed(names)) + value


def told(argument):
    """An argument with its help, values and default."""
    yield ".TP\n" + name(argument) + "\n" + escaped(argument.get("abstract", ""))
    descriptions = argument.get("allValueDescriptions", {})
    values, default = argument.get("allValues", []), argument.get("defaultValue")
    if descriptions:
        for value in values:
            yield ".RS\n.TP\n\\fB" + escaped(value) + "\\fR\n" + escaped(descriptions.get(value, "")) + "\n.RE"
    notes = ["values: " + ", ".join(values)] if values and not descriptions else []
    if default:
        notes.append("default: " + default)
    if notes:
        yield escaped(f"({'; '.join(notes)})") if not descriptions else ".IP\n" + escaped(f"({'; '.join(notes)})")
    if argument.get("discussion"):
        yield ".IP\n" + re.sub(r"^\.PP$", ".IP", "\n".join(paragraphs(argument["discussion"])), flags=re.M)


def arguments(command):
    """What a command has, but for the help that all have."""
    return [a for a in command.get("arguments", []) if a.get("shouldDisplay", True) and a["valueName"] not in ("help", "version")]


def leaves(command, words=()):
    """The commands that do something, with their full names."""
    words = (*words, command["commandName"])
    below = [c for c in command.get("subcommands", []) if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    if not below:
        yield " ".join(words), command
    for other in below:
        yield from leaves(other, words)


def page(root, version, topic):
    commands = list(leaves(root))
    counts = {}
    for _, command in commands:
        for argument in arguments(command):
            counts.setdefault(json.dumps(argument, sort_keys=True), []).append(argument)
    common = {key: found[0] for key, found in counts.items() if len(found) >= COMMON}
    yield f'.TH WAITLINE 1 "" "waitline {escaped(version)}" "User Commands"'
    yield ".SH NAME\nwaitline \\- " + escaped(root["abstract"].rstrip(".")[0].lower() + root["abstract"].rstrip(".")[1:])
    yield ".SH SYNOPSIS\n.B waitline\n\\fIcommand\\fR [\\fIargument\\fR ...] [\\fIoption\\fR ...]"
    yield ".SH COMMANDS"
    for full, command in commands:
        own = [a for a in arguments(command) if json.dumps(a, sort_keys=True) not in common]
        shared = [a for a in arguments(command) if json.dumps(a, sort_keys=True) in common]
        positional = " ".join(name(a) if not a["isOptional"] else f"[{name(a)}]" for a in own + shared if a["kind"] == "positional")
        yield f".SS {escaped(full)} {positional}".rstrip()
        yield escaped(command.get("abstract", ""))
        if command.get("discussion"):
            yield ".PP"
            yield from paragraphs(command["discussion"])
        for argument in own:
            yield from told(argument)
        if shared:
            yield ".PP\nCommon options: " + ", ".join("\\fB" + escaped(a["preferredName"] and "--" + a["preferredName"]["name"]) + "\\fR" for a in shared if a["kind"] != "positional") + "."
    yield ".SH COMMON OPTIONS"
    for argument in common.values():
        if argument["kind"] != "positional":
            yield from told(argument)
    yield ".TP\n\\fB\\-\\-help\\fR, \\fB\\-\\-version\\fR\nOf every command."
    lines = topic.rstrip("\n").split("\n")
    yield ".SH " + lines[0] + "\n.nf\n.in 0"
    yield from (escaped(line) if line else "" for line in lines[2:])
    yield ".fi\n.in\n.SH ENVIRONMENT"
    for names, text in ENVIRONMENT:
        yield f".TP\n\\fB{escaped(names)}\\fR\n{escaped(text)}"
    yield ".SH EXIT STATUS"
    for status, text in EXIT_STATUS:
        yield f".TP\n{status}\n{escaped(text)}"


def main():
    program = sys.argv[1]

    def output(*words):
        return subprocess.run([program, *words], check=True, capture_output=True, text=True, encoding="utf-8").stdout

    root = json.loads(output("--experimental-dump-help"))["command"]
    sys.stdout.write("\n".join(page(root, output("--version").strip(), output("help", "wait-and-work"))) + "\n")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main()
