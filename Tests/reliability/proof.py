"""What every proof has in common: its arguments, its findings, its last line, and mounts of its own."""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time


class Proof:
    """One run of one proof. A finding is something that does not hold; one is enough to fail."""

    def __init__(self, name, add_arguments=lambda parser: None):
        parser = argparse.ArgumentParser(prog=f"{name}.py")
        parser.add_argument("binary", help="the waitline to prove something of")
        parser.add_argument("--rounds", type=int, default=20)
        parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
        parser.add_argument("--slack", type=float, default=1.0,
                            help="times are allowed to be this many times what is promised")
        add_arguments(parser)
        self.name, self.options = name, parser.parse_args()
        self.binary = os.path.abspath(self.options.binary)
        self.random = random.Random(self.options.seed)
        self.findings, self.figures, self.began = 0, [], time.monotonic()
        self.folder = tempfile.mkdtemp(prefix=f"waitline-{name}-")
        print(f"{name}: seed {self.options.seed}", flush=True)

    def finding(self, text):
        self.findings += 1
        if self.findings <= 50:
            print(f"{self.name}: FINDING {text}", flush=True)

    def expect(self, holds, text):
        """A finding where it does not hold; whether it does."""
        if not holds:
            self.finding(text)
        return holds

    def note(self, text):
        print(f"{self.name}: {text}", flush=True)

    def within(self, seconds, promised, what):
        """Holds a time against what is promised; the figure for the last line."""
        self.expect(seconds < promised * self.options.slack,
                    f"{what} took {seconds:.2f} s, promised is less than {promised:g} s"
                    + (f" (times {self.options.slack:g})" if self.options.slack != 1 else ""))

    def figure(self, text):
        """Something for the last line; said at once, for those who wait."""
        self.figures.append(text)
        self.note(text)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def end(self):
        """The last line; ends the program."""
        took = f"{time.monotonic() - self.began:.0f} s"
        for folder in reversed(mounted):
            subprocess.run(["umount", "--lazy", folder], capture_output=True)
        if self.findings:
            # What it found can be looked at: its files stay.
            print(f"{self.name}: FAILED, {self.findings} findings, {', '.join(self.figures + [took])}; "
                  f"--seed {self.options.seed}; files in {self.folder}", flush=True)
            sys.exit(1)
        shutil.rmtree(self.folder, ignore_errors=True)
        print(f"{self.name}: ok, {', '.join(self.figures + [took])}", flush=True)
        sys.exit(0)


def with_own_mounts():
    """Goes on in a mount namespace of its own: what is mounted there ends with the process, whatever happens."""
    if os.environ.get("WAITLINE_OWN_MOUNTS"):
        return
    ways = [["unshare", "--mount", "--propagation", "private"],
            ["unshare", "--map-root-user", "--mount", "--propagation", "private"]]
    tried = []
    for way in ways:
        trial = subprocess.run(way + ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"],
                               capture_output=True, text=True)
        if trial.returncode == 0:
            os.environ["WAITLINE_OWN_MOUNTS"] = "1"
            sys.stdout.flush()
            os.execvp("unshare", way + [sys.executable] + sys.argv)
        tried.append(trial.stderr.strip().splitlines()[-1:] or ["no word"])
    sys.exit(f"{os.path.basename(sys.argv[0])}: FAILED: this needs file systems of its own, and may not mount any: "
             + "; ".join(line[0] for line in tried))


mounted = []


def mount(*arguments):
    """As the command; the last argument is the folder or file to mount on."""
    subprocess.run(["mount", *arguments], check=True)
    mounted.append(arguments[-1])
