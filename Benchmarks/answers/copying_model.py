"""A language model that copies: it answers with a sentence of the first passage, and its number. So all that is measured is
retrieval, the choice of the cue, and the citation itself. It is the sentence that shares most words with the question; or,
with the labels, with the right answer, as a model would choose it that has understood the passage.

    copying_model.py PORT [LABELS]
"""
import asyncio, json, re, sys

WORD = re.compile(r"\w+")
STOP = set("a an and are as at be by did do does for from had has have he her his how in is it its of on or she that "
           "the their they this to was were what when where which who why will with you your".split())


def answer(prompt, answers):
    """The best sentence of passage 1, with its number."""
    passages = dict(re.findall(r"^\[(\d+)\] .*?: (.*)$", prompt, re.MULTILINE))
    question = prompt.rsplit("Question: ", 1)[-1].strip()
    wanted = words(answers.get(question, question))
    sentences = re.split(r"(?<=[.!?]) ", passages.get("1", ""))
    best = max(sentences, key=lambda sentence: len(wanted & words(sentence)) / (3 + len(words(sentence))) ** 0.3)
    return f"{best.rstrip('.!? ')} [1]."


def words(text):
    return {word for word in WORD.findall(text.lower()) if word not in STOP}


def labelled(path):
    """The right answer to each question."""
    lines = map(json.loads, open(path))
    return {line["question"].strip(): line["answer"] for line in lines if line.get("answer")}


async def serve(reader, writer, answers):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(re.search(r"content-length: (\d+)", head)[1])
            body = json.loads(await reader.readexactly(length))
            text = answer(body["messages"][-1]["content"], answers)
            chunks = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in re.findall(r"\S+\s*", text)]
            chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
                       {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": len(chunks)}}]
            data = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s"
                         % (len(data.encode()), data.encode()))
            await writer.drain()
    except asyncio.IncompleteReadError:
        pass
    finally:
        writer.close()


async def main(port, labels=None):
    answers = labelled(labels) if labels else {}
    server = await asyncio.start_server(lambda *streams: serve(*streams, answers), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
