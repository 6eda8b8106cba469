"""The pages that are looked at: made by the program from the sample traces, and from one that is hostile."""

import json
import subprocess
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "sample-traces"

# What would run, close, open or hide something wherever it were taken for more than a text.
HOSTILE = [
    "</script><script>document.title='taken'</script>", "\"><img src=x onerror=\"document.title='taken'\">", "]]>--><!--",
    "<svg onload=document.title='taken'>", "\u202eexe.gnp\u2066", "\x1b[31mred\x07\x00\x7f\u0085", "\u2028\u2029\ufeff",
    "{{7*7}}${7*7}`", "&lt;b&gt; &amp; '", "<style>*{display:none}</style>", "</title></textarea></style>", "名前 🧾 é́́́́́́",
    "javascript:document.title='taken'", "x" * 1000,
]


def export(binary, output, *arguments):
    """One page; fails where the program does."""
    subprocess.run([binary, "export", *map(str, arguments), "--format", "html", "--output", output], check=True,
                   timeout=120)
    return Path(output)


def hostile_recording(path):
    """A run whose every text is hostile: names, users, types, labels, errors. Services are checked by the intake."""
    lines = [{"metadata": {"service": {"name": "runner", "agent": {"name": "a", "version": "1"}}}}]
    trace, start = "0af7651916cd43dd8448eb211c80319c", 1_700_000_000_000_000

    def event(kind, number, **more):
        lines.append({kind: {"id": f"{number:016x}", "trace_id": trace, **more}})

    event("transaction", 1, name=HOSTILE[0], type=HOSTILE[1], timestamp=start, duration=100.0,
          span_count={"started": 0})
    for place, text in enumerate(HOSTILE):
        task = 16 * (place + 1)
        event("transaction", task, parent_id=f"{1:016x}", name="task", type=text[:200], timestamp=start + place,
              duration=10.0 + 5 * place, outcome="failure" if place % 3 == 0 else "success",
              span_count={"started": 1},
              context={"user": {"id": f"{place} {text}"[:1024]}, "tags": {"label": text}})
        event("span", task + 1, parent_id=f"{task:016x}", transaction_id=f"{task:016x}", name=text, type=text[:200],
              subtype=text[:200], action=text[:200], timestamp=start + 5_000 * max(place, 1),
              duration=5.0)
        event("error", task + 2, parent_id=f"{task + 1:016x}", transaction_id=f"{task:016x}",
              timestamp=start + 5_000 * place, culprit=text, exception={"type": text, "message": text})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path
