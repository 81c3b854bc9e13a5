"""What stands before every page: under which name and from which page it is asked for, and with which key.

A page of a stranger that is open in the same browser can send requests here, and by a name of its own that it leads to
this address (DNS rebinding) even read the answers. So the name must be one of this server's, the page that asks must
be one of ours, and where others on the network reach it, a key is asked for.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Iterable
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dgsim.app.server.endpoint import KEY
from dgsim.app.state.pages import PAGE_KEYS
from dgsim.texts import LANGUAGES, words

OF_SOLARA = ("_solara", "static", "jupyter")
CLOSED = ("/_solara/api/evict", "/_solara/auth", "/resourcez")  # of no use here
OF_A_PAGE = ("/_solara/api/", "/jupyter/api/")  # what a page asks, naming itself as `session_id`
OPEN = ("/readyz",)  # without a key: it says only that the server is there
COOKIE = "dgsim-key"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
POLICY_VIOLATION = 1008  # the code a websocket is closed with
log = logging.getLogger("uvicorn.error")


class Gate:
    """An application behind a check of names, origins and key.

    Parameters
    ----------
    app
        What answers, once a request may pass.
    names
        Host names it is asked under; the address a request arrived at is always one.
    key
        What must be sent along, once in the address and then as a cookie; empty for none.
    language
        Of refusals, where the address names none.
    proxies
        Names under which a proxy before it shows its pages.
    """

    def __init__(
        self, app: ASGIApp, names: Iterable[str], key: str = "", language: str = "en", proxies: Iterable[str] = ()
    ) -> None:
        self.app, self.key, self.language = app, key, language
        self.names, self.proxies = ({name.lower() for name in some} for some in (names, proxies))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refusal(scope) or self._of_key(scope) or self._of_page(scope)
        try:
            await (answer or self.app)(scope, receive, guarded)
        except Exception:
            log.exception("an answer failed: %s", scope["path"])
            if not begun:
                await PlainTextResponse("The server failed here; its own log says how.\n", 500)(scope, receive, guarded)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._refusal(scope) is None and self._has_key(scope):
            try:
                await self.app(scope, receive, send)
            except Exception:
                log.exception("a websocket failed")
        else:
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    def _refusal(self, scope: Scope) -> Response | None:
        """What is said to a request under another name, or from a page of another."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_ours(scope, name_of(host)):
            return PlainTextResponse("This server is not known by that name; see dgsim app --allow-host.\n", 421)
        if origin is not None and not self._same(origin, host):
            return PlainTextResponse("Only pages of this server may ask it.\n", 403)
        if scope["path"].startswith(CLOSED):
            return PlainTextResponse("Not found.\n", 404)
        if scope["path"].startswith(OF_A_PAGE) and not of_a_page(scope):
            return PlainTextResponse("This is asked by a page, and names it.\n", 400)
        return None

    def _is_ours(self, scope: Scope, name: str) -> bool:
        arrived_at = (scope.get("server") or ("", None))[0]
        return bool(name) and (name in self.names or same_address(name, arrived_at))

    def _same(self, origin: str, host: str) -> bool:
        """Whether a page of an origin is one of this server, or one that a proxy shows under a name of its own."""
        try:
            parts = urlsplit(origin)
            asked_as_here = parts.netloc.lower() == host.lower()
            return parts.scheme in ("http", "https") and (asked_as_here or parts.hostname in self.proxies)
        except ValueError:
            return False

    def _has_key(self, scope: Scope) -> bool:
        if not self.key:
            return True
        try:
            cookie = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(cookie.value.encode(), self.key.encode())

    def _of_key(self, scope: Scope) -> Response | None:
        """The same address without its key, which is kept as a cookie; or the page that asks for one."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = next((value for name, value in query if name == KEY), None)
        if self.key and given is not None and hmac.compare_digest(given.encode(), self.key.encode()):
            rest = urlencode([(name, value) for name, value in query if name != KEY])
            answer = RedirectResponse(own_path(scope) + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(COOKIE, self.key, httponly=True, samesite="lax")
            return answer
        if self._has_key(scope) or scope["path"] in OPEN:
            return None
        return self._page(scope, "key", 401)

    def _of_page(self, scope: Scope) -> Response | None:
        """The right address of a page written in another way, or the page that says there is none."""
        first, *more = scope["path"].strip("/").split("/")
        if scope["method"] not in ("GET", "HEAD") or first in OF_SOLARA or scope["path"] in OPEN:
            return None
        pages = ("", *PAGE_KEYS)
        if more or first.lower() not in pages:
            return self._page(scope, "unknown", 404)
        right = "" if first.lower() == PAGE_KEYS[0] else first.lower()  # the first page is at the root
        if scope["path"] == f"/{right}":
            return None
        query = scope["query_string"].decode("latin-1")
        return RedirectResponse(f"/{right}" + (f"?{query}" if query else ""), 307)

    def _page(self, scope: Scope, what: str, status: int) -> Response:
        """A page of one sentence, in the language of the address."""
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang", self.language)
        language = asked if asked in LANGUAGES else self.language
        w = words(language)
        return HTMLResponse(PAGE.format(language, *(escape(w(f"server.{what}_{part}")) for part in PARTS)), status)


PARTS = ("heading", "text", "link")
PAGE = """<!doctype html>
<html lang="{0}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>dgsim: {1}</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }}</style>
</head><body><main><h1>{1}</h1><p>{2}</p><p><a href="/?lang={0}">{3}</a></p></main></body></html>
"""


def of_a_page(scope: Scope) -> bool:
    """Whether a request says which page it is of."""
    return "session_id" in dict(parse_qsl(scope["query_string"].decode("latin-1")))


def own_path(scope: Scope) -> str:
    """The path of a request, as one on this server: a second slash would make a name of its start."""
    return "/" + str(scope["path"]).lstrip("/")


def name_of(host: str) -> str:
    """The name in a Host header, without its port and the brackets of an address.

    >>> name_of("Localhost:8765"), name_of("[::1]:8765"), name_of("::1"), name_of("me@localhost")
    ('localhost', '::1', '', '')
    """
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname or "" if parts.netloc == host and parts.port != 0 and "@" not in host else ""
    except ValueError:
        return ""


def same_address(one: str, other: str) -> bool:
    """Whether two texts are one IP address, however it is written.

    A socket for all networks shows an IPv4 address within an IPv6 one, and an address of one network with its name.

    >>> same_address("127.0.0.1", "::ffff:127.0.0.1"), same_address("fe80::1", "fe80::1%eth0")
    (True, True)
    >>> same_address("0:0::1", "::1"), same_address("evil.example", "::1"), same_address("127.0.0.1", "::1")
    (True, False, False)
    """
    try:
        return _plain_address(one) == _plain_address(other)
    except ValueError:
        return False


def _plain_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address without the name of its network, and as IPv4 where it is one; raises ValueError."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
