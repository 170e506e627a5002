"""Reads each file again and again for a CPU-second with Python's readers; prints MB a CPU-second as JSON lines."""

import io
import json
import pathlib
import sys
import time

import pysubs2
import srt
import webvtt

READERS = {
    ".vtt": [
        ("webvtt-py", lambda text: len(webvtt.from_buffer(io.StringIO(text)).captions)),
        ("pysubs2", lambda text: len(pysubs2.SSAFile.from_string(text, format_="vtt"))),
    ],
    ".srt": [
        ("srt", lambda text: len(list(srt.parse(text)))),
        ("pysubs2", lambda text: len(pysubs2.SSAFile.from_string(text, format_="srt"))),
    ],
}

for name in sys.argv[1:]:
    path = pathlib.Path(name)
    text = path.read_text(encoding="utf-8-sig")
    for reader, read in READERS.get(path.suffix, []):
        rounds, begin = 0, time.process_time()
        try:
            while rounds < 2 or time.process_time() - begin < 1:
                cues = read(text)
                rounds += 1
        except Exception as error:
            print(json.dumps({"reader": reader, "file": path.name, "error": str(error)[:80]}))
            continue
        speed = path.stat().st_size / 1e6 * rounds / (time.process_time() - begin)
        print(json.dumps({"reader": reader, "file": path.name, "cues": cues, "mb_per_cpu_second": round(speed, 1)}))
