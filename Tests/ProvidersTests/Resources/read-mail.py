"""Reads messages with Python's own mail package and prints what it finds, one line of JSON each.

    python3 read-mail.py FOLDER        each *.eml of it, in the order of their names
"""

import email
import email.header
import email.policy
import email.utils
import glob
import json
import os
import sys


def text(message, kind):
    part = message.get_body((kind,))
    return None if part is None else part.get_content().replace("\r\n", "\n")


def defects(message):
    found = [repr(defect) for part in message.walk() for defect in part.defects]
    return found + [repr(defect) for value in message.values() for defect in value.defects]


def mailbox(message, old_message, name):
    """By the old parser: the new one (3.11) puts a space between two encoded words of a name, where RFC 2047 has none."""
    display, address = email.utils.parseaddr(old_message[name])
    (found,) = message[name].addresses
    assert found.addr_spec == address
    return [str(email.header.make_header(email.header.decode_header(display))), address]


for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.eml"))):
    with open(path, "rb") as file:
        source = file.read()
    message = email.message_from_bytes(source, policy=email.policy.default)
    old_message = email.message_from_bytes(source)
    print(
        json.dumps(
            {
                "from": mailbox(message, old_message, "from"),
                "to": mailbox(message, old_message, "to"),
                "subject": str(message["subject"]),
                "seconds": int(message["date"].datetime.timestamp()),
                "id": str(message["message-id"]),
                "unsubscribe": message["list-unsubscribe"] and str(message["list-unsubscribe"]),
                "oneClick": message["list-unsubscribe-post"] and str(message["list-unsubscribe-post"]),
                "types": [part.get_content_type() for part in message.walk()],
                "text": text(message, "plain"),
                "html": text(message, "html"),
                "defects": defects(message),
                "headers": len(message.keys()),
                "longestLine": max(len(line) for line in source.split(b"\r\n")),
                "isASCII": source.isascii(),
                "bareLineEnds": source.replace(b"\r\n", b"").count(b"\n") + source.replace(b"\r\n", b"").count(b"\r"),
            }
        )
    )
