"""Every module that a target imports stands in its dependencies in Package.swift, and every dependency there is imported.

The compiler's own check passes an import that is reached through another dependency, and knows only the targets of
this package. Usage: imports.py, in the project's folder.
"""
import json
import pathlib
import re
import subprocess
import sys

# What comes with the toolchain.
SYSTEM = {"Darwin", "Dispatch", "Foundation", "FoundationEssentials", "FoundationXML", "Glibc", "Musl", "Synchronization", "Testing"}
# At most one level in, under `#if`: deeper stands other languages' code, in texts.
IMPORT = re.compile(r"^(?: {4})?(?:@\w+\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?import (\w+)$", re.M)


def declared(target):
    """The names a manifest gives a target's dependencies: targets, or products, which are modules of that name."""
    return {(d.get("byName") or d.get("product") or d.get("target"))[0] for d in target["dependencies"]}


def main():
    manifest = json.loads(subprocess.check_output(["swift", "package", "dump-package"]))
    faults, checked = [], 0
    for target in manifest["targets"]:
        name = target["name"]
        if target["type"] == "system":
            continue
        folder = pathlib.Path(target.get("path") or ("Tests/" if target["type"] == "test" else "Sources/") + name)
        files = sorted(folder.rglob("*.swift"))
        imported = {module for file in files for module in IMPORT.findall(file.read_text())} - SYSTEM - {name}
        # A test drives a program without importing it.
        programs = {t["name"] for t in manifest["targets"] if t["type"] == "executable"}
        faults += [f"{name} imports {module} and does not declare it" for module in imported - declared(target)]
        faults += [f"{name} declares {module} and does not import it" for module in declared(target) - imported - programs]
        checked += len(files)
    print("\n".join(sorted(faults)) or f"the imports of {checked} files are declared")
    sys.exit(1 if faults or not checked else 0)


main()
