"""A mail server (aiosmtpd) for the tests: prints its port, then each message as a line of JSON; ends when its input does.

    PYTHONPATH=FOLDER python3 scripts/lib/mail-server.py --encryption never|starttls|start
        [--certificate FILE --key FILE] [--user NAME --password WORD] [--login PLAIN|LOGIN]

FOLDER is as scripts/lib/mail-server.sh made it. A mailbox whose name begins with "nobody" does not exist.
"""

import argparse
import asyncio
import base64
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

LOGINS = ("PLAIN", "LOGIN")

parser = argparse.ArgumentParser()
parser.add_argument("--encryption", choices=("never", "starttls", "start"), required=True)
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--user")
parser.add_argument("--password")
parser.add_argument("--login", choices=LOGINS)
options = parser.parse_args()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        message = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "hello": session.host_name,
            "encrypted": session.ssl is not None or options.encryption == "start",
            "loggedIn": bool(session.authenticated),
            "content": base64.b64encode(envelope.original_content).decode(),
        }
        print(json.dumps(message), flush=True)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (options.user.encode(), options.password.encode())
    return AuthResult(success=is_right, handled=False)


def context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    return context


def protocol():
    return SMTP(
        Handler(),
        hostname="mail.test",
        tls_context=context() if options.encryption == "starttls" else None,
        require_starttls=options.encryption == "starttls",
        authenticator=authenticate,
        auth_required=options.user is not None,
        auth_require_tls=options.encryption == "starttls",
        auth_exclude_mechanism=[login for login in LOGINS if options.login not in (None, login)],
    )


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        protocol, "127.0.0.1", 0, ssl=context() if options.encryption == "start" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
