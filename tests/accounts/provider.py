"""A log-in provider in the test's own process: description, keys, token and userinfo over http."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

KID = "nyckel-1"


class LocalProvider:
    """Answers every code with ``claims``; what a test changes in the answers goes into ``claims`` and the rest."""

    client_id, client_secret = "portalen", "mycket-hemligt"

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.signing_key, self.algorithm = self.key, "ES256"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.described_issuer = self.issuer
        self.userinfo = {}
        self.asked = []
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def prove(self, nonce: str, **claims):
        """What the next token says; None takes a claim away."""
        now = int(time.time())
        plain = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "person-1",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "email_verified": True,
        }
        self.claims = {name: value for name, value in (plain | claims).items() if value is not None}

    def answer_to(self, path: str) -> dict:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.described_issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            public = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [public | {"kid": KID, "alg": "ES256", "use": "sig"}]}
        if path == "/userinfo":
            return self.userinfo
        signed = jwt.encode(self.claims, self.signing_key, self.algorithm, headers={"kid": KID})
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def _handler(provider):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length", 0))
                form = {name: value[0] for name, value in parse_qs(self.rfile.read(length).decode()).items()}
                provider.asked.append((self.path, form, self.headers.get("Authorization", "")))
                body = json.dumps(provider.answer_to(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *args):
                pass

        return Handler
