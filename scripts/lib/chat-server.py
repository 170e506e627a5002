"""A llama.cpp server with OpenAI's protocol, for the tests: prints its address, and ends when its input does.

    PYTHONPATH=FOLDER python3 scripts/lib/chat-server.py FOLDER        FOLDER as scripts/lib/chat-model.sh made it
"""

import os
import sys

import xllamacpp

CONTEXT_TOKENS = 2048
SLOTS = 2

parameters = xllamacpp.CommonParams()
parameters.model.path = os.path.join(sys.argv[1], "model.gguf")
parameters.hostnames = ["127.0.0.1"]
parameters.port = 0
parameters.n_ctx = CONTEXT_TOKENS * SLOTS
parameters.n_parallel = SLOTS
parameters.endpoint_slots = True
# Several threads wait for each other by spinning, which takes for ever where there are fewer free cores.
parameters.cpuparams.n_threads = 1
parameters.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
# The server's own end waits for what it is generating; nobody wants that any more.
os._exit(0)
