"""A whisper.cpp server with OpenAI's protocol, for the tests: prints its address, and ends when its input does.

    python3 scripts/lib/speech-server.py FOLDER        FOLDER as scripts/lib/speech-server.sh made it
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

START_SECONDS = 60
PR_SET_PDEATHSIG = 1


def main(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            os.path.join(folder, "whisper-server"), "--model", os.path.join(folder, "model.bin"),
            "--host", "127.0.0.1", "--port", str(port), "--inference-path", "/v1/audio/transcriptions",
            # Several threads wait for each other by spinning, which takes for ever where there are fewer free cores.
            "--threads", "1", "--no-language-probabilities",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
    threading.Thread(target=end_with_input, args=[server], daemon=True).start()
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(address):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            sys.exit("the speech server did not start")
        time.sleep(0.05)
    print(address, flush=True)
    server.wait()


def is_ready(address):
    try:
        with urllib.request.urlopen(address + "/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def end_with_input(server):
    sys.stdin.read()
    server.kill()


main(sys.argv[1])
