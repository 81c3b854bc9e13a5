"""A running server attacked: what it hands out, to whom, and how long it waits; on a copy of the browser's files."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import schemathesis
import uvicorn
import websockets.sync.client
from hypothesis import HealthCheck, settings

from dgsim.app.server import patience, serve
from dgsim.app.server.endpoint import Endpoint, new_key, opened
from dgsim.errors import StudyError
from dgsim.texts import words

PAGE = "/"
FILE = "/_solara/cdn/requirejs@2.3.6/require.js"
FOLDER = "/_solara/cdn/echarts@5.4.0/dist"
STRANGER = "evil.example"


class Running(NamedTuple):
    """A server: its address as printed, what it says, its files, what it asked of the network, and its process."""

    host: str
    port: int
    key: str
    said: list[str]
    files: Path
    fetched: list[bytes]
    process: int


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


def start(host: str, files: Path, *options: str, program: tuple[str, ...] = ("-m", "dgsim")) -> Iterator[Running]:
    """Start `dgsim app` there and wait until it prints its address; a proxy that notes what it fetches goes along."""
    fetched: list[bytes] = []
    proxy = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=noted, args=(proxy, fetched), daemon=True).start()
    through = f"http://127.0.0.1:{proxy.getsockname()[1]}"
    environment = os.environ | {"SOLARA_ASSETS_PROXY_CACHE_DIR": str(files), "COLUMNS": "200"}
    environment |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), through)
    port = free_port()
    command = [sys.executable, *program, "app", "--host", host, "--port", str(port), "--no-browser", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=files.parent
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if "dgsim is at" in line:
                break
        address = re.search(r"http://(\S+):(\d+)/(?:\?key=(\S+))?", said[-1])
        assert address, "".join(said)
        rest = threading.Thread(target=lambda: said.extend(process.stdout), daemon=True)
        rest.start()
        yield Running(address[1], int(address[2]), address[3] or "", said, files, fetched, process.pid)
    finally:
        process.terminate()
        process.wait(20)
        rest.join(5)
        process.stdout.close()
        proxy.close()


def noted(proxy: socket.socket, fetched: list[bytes]) -> None:
    while True:
        try:
            asking, _ = proxy.accept()
        except OSError:
            return
        with asking:
            fetched.append(asking.recv(200))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def copy_of_assets(folder: Path) -> Path:
    return Path(shutil.copytree(serve.asset_folder(), folder / "cdn", copy_function=os.link))


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Iterator[Running]:
    """A server for this machine alone."""
    yield from start("127.0.0.1", copy_of_assets(tmp_path_factory.mktemp("here")), "--allow-host", "proxy.example")


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory) -> Iterator[Running]:
    """A server for all networks."""
    yield from start("0.0.0.0", copy_of_assets(tmp_path_factory.mktemp("everywhere")))


@pytest.fixture(scope="module")
def both_families(tmp_path_factory) -> Iterator[Running]:
    """A server for all networks of IPv6 and of IPv4."""
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    yield from start("::", copy_of_assets(tmp_path_factory.mktemp("both")))


def ask(server: Running, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a path as it stands; a Host header of one's own replaces the usual."""
    at = server.host if server.host.startswith("127.") else "127.0.0.1"
    connection = http.client.HTTPConnection(at, server.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_host="Host" in named)
    for name, value in named.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)


def opens_websocket(server: Running, query: str = "?session_id=page", **more: Any) -> bool:
    """Whether a websocket to a kernel is accepted."""
    try:
        with socket_of(server, query, **more):
            return True
    except websockets.exceptions.InvalidStatus:
        return False


def socket_of(server: Running, query: str = "?session_id=page", **more: Any) -> Any:
    address = f"ws://127.0.0.1:{server.port}/jupyter/api/kernels/{uuid.uuid4()}/channels{query}"
    return websockets.sync.client.connect(address, open_timeout=20, proxy=None, **more)


def names_of(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*")}


# What is handed out -------------------------------------------------------------------------------------------------


def test_a_folder_of_the_browsers_files_is_no_file_and_stays(here):
    before = names_of(here.files)
    assert ask(here, FILE).status == 200
    for path in (FOLDER, FOLDER + "/", "/_solara/cdn/", "/_solara/cdn/echarts@5.4.0", "/_solara/cdn/requirejs@2.3.6/"):
        assert ask(here, path).status == 404, path
        assert ask(here, path, "DELETE").status == 405, path
    assert names_of(here.files) == before


def test_what_is_not_there_is_not_fetched(here):
    before = names_of(here.files)
    for path in ("vue@3.4.0/dist/vue.js", "nothing", "requirejs@2.3.6/other.js", "%2e%2e/%2e%2e/pyvenv.cfg", "a%00b"):
        assert ask(here, f"/_solara/cdn/{path}").status == 404, path
    assert here.fetched == []
    assert names_of(here.files) == before


def test_a_file_put_there_later_is_not_handed_out(here):
    (here.files / "late.js").write_text("late")
    assert ask(here, "/_solara/cdn/late.js").status == 404
    (here.files / "late.js").unlink()


GONE = """
import sys
from pathlib import Path
from dgsim.app.server.assets import Assets
folder = Path(sys.argv[1])
known = Assets(folder)
assert known.lookup_path("gone.js")[0] == str(folder / "gone.js")
(folder / "gone.js").unlink()
assert known.lookup_path("gone.js") == ("", None)
"""


def test_a_file_that_has_gone_is_not_found(tmp_path):
    (tmp_path / "gone.js").write_text("here")
    alone(GONE, str(tmp_path))


def alone(script: str, *arguments: str) -> None:
    """Run a script in a process of its own: Solara's server changes much of what is loaded beside it."""
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# To whom ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [STRANGER, f"{STRANGER}:80", "", "localhost.evil.example", "localhost@evil.example"])
@pytest.mark.parametrize("path", [PAGE, FILE, "/readyz", "/static/x", "/_solara/api/close/1?session_id=2"])
def test_another_name_is_refused(here, host, path):
    assert ask(here, path, Host=host).status == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:80", "proxy.example"])
def test_its_own_names_are_known(here, host):
    assert ask(here, PAGE, Host=host).status == 200


def test_a_websocket_is_opened_by_its_own_pages_alone(here):
    own = f"http://127.0.0.1:{here.port}"
    assert opens_websocket(here, origin=own)
    assert opens_websocket(here), "no browser: nothing is told of a page"
    assert opens_websocket(here, origin="https://proxy.example")
    for origin in (
        f"http://{STRANGER}",
        "null",
        "http://[",
        f"http://127.0.0.1:{here.port + 1}",
        f"ftp://127.0.0.1:{here.port}",
    ):
        assert not opens_websocket(here, origin=origin), origin
    assert not opens_websocket(here, additional_headers={"Host": STRANGER}), "of another name"
    assert not opens_websocket(here, query=""), "without a page"


def test_a_page_of_another_origin_may_not_ask(here):
    own = f"http://127.0.0.1:{here.port}"
    path = "/_solara/api/close/1?session_id=2"
    assert ask(here, path, "POST", Origin=own).status == 200
    assert ask(here, path, "POST", Origin=f"http://{STRANGER}").status == 403


def test_what_is_of_no_use_here_is_closed(here):
    for path in ("/resourcez", "/_solara/api/evict/1", "/_solara/auth/login"):
        assert ask(here, path, "POST").status == 404
        assert ask(here, path).status == 404


def test_pages_may_load_only_what_is_here(here):
    for path in (PAGE, FILE, "/nothing"):
        headers = ask(here, path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["", " "])
def test_an_empty_host_is_refused(host):
    done = subprocess.run(
        [sys.executable, "-m", "dgsim", "app", "--host", host, "--no-browser"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert re.search(r"--host is empty .* 127\.0\.0\.1", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["no.such.name.invalid", "1.2.3.4", "a" * 300, "é" * 80])
def test_a_host_that_cannot_be_is_a_sentence(host):
    with pytest.raises(StudyError, match="cannot be used"):
        Endpoint(host, 8765).listen()


@pytest.mark.parametrize(
    ("host", "is_open"), [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True)]
)
def test_what_others_can_reach_is_open(host, is_open):
    assert Endpoint(host, 8765).open is is_open


def test_beyond_this_machine_a_key_is_asked_for(everywhere):
    assert len(everywhere.key) >= 12
    for path in (PAGE, FILE, "/compare", f"/?key={everywhere.key}x", "/?key="):
        answer = ask(everywhere, path)
        assert answer.status == 401, path
        assert everywhere.key not in answer.text
    assert not opens_websocket(everywhere)
    assert ask(everywhere, "/readyz").status == 200
    assert "Mã" in ask(everywhere, "/?lang=vi").text or "mã" in ask(everywhere, "/?lang=vi").text


def test_the_key_in_the_address_opens_and_is_not_asked_for_again(everywhere):
    answer = ask(everywhere, f"/compare?policy=staged&key={everywhere.key}")
    assert (answer.status, answer.headers["location"]) == (303, "/compare?policy=staged")
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert ask(everywhere, "/compare?policy=staged", Cookie=cookie).status == 200
    assert opens_websocket(everywhere, additional_headers={"Cookie": cookie})
    assert ask(everywhere, f"//evil.example/?key={everywhere.key}").headers["location"] == "/evil.example/"
    assert ask(everywhere, PAGE, Cookie="dgsim-key=wrong").status == 401
    assert ask(everywhere, PAGE, Cookie="=;;dgsim-key").status == 401


def test_by_either_family_its_address_is_known_and_no_other(both_families):
    cookie = f"dgsim-key={both_families.key}"
    asked = both_families._replace(host="127.0.0.2")  # of this machine too, by IPv4, and none of its usual names
    for host in ("127.0.0.2", "[::ffff:127.0.0.2]"):
        assert ask(asked, PAGE, Host=f"{host}:{both_families.port}", Cookie=cookie).status == 200, host
        assert ask(asked, PAGE, Host=host).status == 401, host
    for host in ("192.0.2.7", "[::ffff:192.0.2.7]", STRANGER):
        assert ask(both_families, PAGE, Host=host, Cookie=cookie).status == 421, host
    assert opens_websocket(both_families, additional_headers={"Cookie": cookie})


def test_it_says_what_it_opens_in_the_language_of_the_command():
    endpoint = Endpoint("0.0.0.0", 8765)
    english, vietnamese = (opened(endpoint, Path("swept"), words(language)) for language in ("en", "vi"))
    for told in (english, vietnamese):
        assert "8765" in told
        assert told.endswith(f"{Path('swept').resolve()}.")
    assert english.startswith("Open to every machine")
    assert vietnamese.startswith("Mọi máy")


def test_it_says_what_it_opens(everywhere):
    assert "Open to every machine" in "".join(everywhere.said)
    assert everywhere.said[-2:][0].startswith("dgsim is at") or "dgsim is at" in "".join(everywhere.said)


def test_every_key_is_another():
    assert len({new_key() for _ in range(200)}) == 200


# What is said -------------------------------------------------------------------------------------------------------


def test_the_address_is_printed_when_it_answers(here):
    with socket.create_connection(("127.0.0.1", here.port), timeout=1):
        pass


def test_an_unknown_address_gets_a_page_in_its_language_with_a_way_back(here):
    answer = ask(here, "/nothing?lang=vi")
    assert answer.status == 404
    assert 'lang="vi"' in answer.text
    assert 'href="/?lang=vi"' in answer.text
    assert ask(here, "/a/b/c").status == 404
    for asked, right in {
        "/Compare?policy=staged": "/compare?policy=staged",
        "/Explore?seed=3": "/?seed=3",
        "/explore": "/",
        "/learn/": "/learn",
    }.items():
        assert ask(here, asked).headers["location"] == right


def test_a_port_in_use_is_a_sentence(here):
    with pytest.raises(StudyError, match=f"127.0.0.1 port {here.port} cannot be used"):
        Endpoint("127.0.0.1", here.port).listen()


def message(kind: str, content: dict) -> str:
    """A message to a kernel."""
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "s", "version": "5.3", "msg_type": kind}
    parts = {"header": header | {"date": "2026-01-01T00:00:00Z"}, "parent_header": {}, "metadata": {}}
    return json.dumps(parts | {"content": content, "channel": "shell", "buffers": []})


@pytest.mark.parametrize(
    "arguments", [{"path": 5}, {"path": None}, {}, {"path": ["a"]}, {"path": "/", "appName": 3}, 7, None]
)
def test_malformed_messages_bring_no_traceback(here, arguments):
    cookie = {"Cookie": "solara-session-id=" + str(uuid.uuid4())}
    with socket_of(here, additional_headers=cookie) as kernel:
        kernel.send(message("comm_open", {"comm_id": "c", "target_name": "solara.control", "data": {}}))
        kernel.send(message("comm_msg", {"comm_id": "c", "data": {"method": "run", "args": arguments}}))
        kernel.send(message("comm_msg", {"comm_id": "none", "data": {}}))
        heard = []
        try:
            while len(heard) < 200:
                heard.append(str(kernel.recv(timeout=1.5)))
        except (TimeoutError, websockets.exceptions.ConnectionClosed):
            pass
    assert not [text for text in heard if "Traceback (" in text or "site-packages" in text]


FAULT = """
import logging
from dgsim.app.server import solara_hooks
for module in solara_hooks.TELLING:
    assert module.traceback.format_exception, f"{module.__name__} tells faults in another way: see solara_hooks.py"
logged = []
solara_hooks.log.addHandler(handler := logging.Handler())
handler.emit = lambda record: logged.append(record.getMessage())
solara_hooks.keep_faults_here()
for module in solara_hooks.TELLING:
    assert module.traceback.format_exception(None, ValueError("here"), None) == [solara_hooks.TOLD]
    assert "ValueError: here" in logged.pop()
    assert module.traceback.format_stack()
"""


def test_a_fault_of_a_page_is_told_here_and_not_there():
    alone(FAULT)


# What it keeps ------------------------------------------------------------------------------------------------------

SESSIONS = 6  # of them a server that forgets nothing would keep more than a megabyte each
FORGETFUL = """
import os, sys
from dgsim.app.server import serve
serve.SETTINGS["SOLARA_KERNEL_CULL_TIMEOUT"] = "1s"
os.environ.update(serve.SETTINGS)
from dgsim.app.server import memory
memory.Housekeeper.__init__.__defaults__ = (1.0,)
from dgsim.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def quick_to_forget(tmp_path) -> Iterator[Running]:
    """A server whose sessions end a second after they are left, and that is alone a second later."""
    yield from start("127.0.0.1", copy_of_assets(tmp_path), program=("-c", FORGETFUL))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_what_sessions_kept_is_given_back_when_they_have_ended(quick_to_forget):
    visit(quick_to_forget, "/")
    before = settled(quick_to_forget)
    for seed in range(1, SESSIONS + 1):
        visit(quick_to_forget, f"/?seed={seed}")
    most = memory_of(quick_to_forget)
    assert most - before > SESSIONS, "each has its own runs"
    assert settled(quick_to_forget, (most + before) / 2) < (most + before) / 2


def visit(server: Running, address: str) -> None:
    """Open a page, wait until it has been quiet for two seconds, and leave without a word."""
    cookie = {"Cookie": "solara-session-id=" + str(uuid.uuid4())}
    with socket_of(server, f"?session_id={uuid.uuid4()}", additional_headers=cookie, max_size=None) as kernel:
        kernel.send(message("comm_open", {"comm_id": "c", "target_name": "solara.control", "data": {}}))
        asked = {"method": "run", "args": {"path": address, "appName": "__default__"}}
        kernel.send(message("comm_msg", {"comm_id": "c", "data": asked}))
        with suppress(TimeoutError):
            while True:
                kernel.recv(timeout=2)


def memory_of(server: Running) -> float:
    """What its process holds, in megabytes."""
    status = Path(f"/proc/{server.process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def settled(server: Running, enough: float = 0.0) -> float:
    """The least that it holds in the next fifteen seconds, or the first that is less than enough."""
    least = memory_of(server)
    for _ in range(30):
        if least < enough:
            break
        time.sleep(0.5)
        least = min(least, memory_of(server))
    return least


# How long it waits --------------------------------------------------------------------------------------------------


class Quick(patience.Impatient):
    patience = 0.3


@pytest.fixture
def impatient() -> Iterator[int]:
    """The port of a server with little patience that answers after more time than that."""

    async def slow(scope, receive, send):
        await receive()
        await asyncio.sleep(0.6)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(slow, http=Quick, lifespan="off", log_level="critical"))
    running = threading.Thread(target=lambda: server.run(sockets=[listening]))
    running.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    running.join(10)


def heard(port: int, *parts: bytes) -> bytes:
    """All that comes back until the other side closes, or b"open" where it does not."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:  # uvicorn keeps a connection for 5
        for part in parts:
            connection.sendall(part)
        got = b""
        try:
            while more := connection.recv(1000):
                got += more
        except TimeoutError:
            return b"open"
        return got


@pytest.mark.parametrize(
    "sent",
    [
        (),
        (b"GET / HTTP/1.1\r\nHo",),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HT"),
    ],
)
def test_half_a_request_ends(impatient, sent):
    got = heard(impatient, *sent)
    assert got != b"open"
    assert got.count(b"200 OK") == sum(part.endswith(b"\r\n\r\n") and b"GET" in part for part in sent)


def test_an_answer_may_take_longer_than_a_question(impatient):
    assert heard(impatient, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").endswith(b"ok")


# Anything at all ----------------------------------------------------------------------------------------------------

TEXT = {"type": "string", "maxLength": 40}
SCHEMA: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "dgsim", "version": "1"},
    "paths": {
        path: {
            method: {
                "parameters": [
                    *(
                        {"name": name, "in": "path", "required": True, "schema": TEXT | {"minLength": 1}}
                        for name in re.findall(r"{(\w+)}", path)
                    ),
                    *(
                        {"name": name, "in": "query", "schema": TEXT}
                        for name in ("lang", "policy", "key", "session_id")
                    ),
                ],
                "responses": {"default": {"description": "any"}},
            }
        }
        for path, method in (
            ("/", "get"),
            ("/{page}", "get"),
            ("/_solara/cdn/{file}", "get"),
            ("/_solara/cdn/{package}/{file}", "get"),
            ("/static/{file}", "get"),
            ("/static/public/{file}", "get"),
            ("/jupyter/nbextensions/{file}", "get"),
            ("/_solara/api/close/{kernel}", "post"),
            ("/readyz", "get"),
        )
    },
}
schema = schemathesis.openapi.from_dict(SCHEMA)


@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
def test_whatever_is_asked_is_answered_without_a_fault(case, here):
    answer = case.call(base_url=f"http://127.0.0.1:{here.port}", timeout=20, allow_redirects=False)
    assert answer.status_code < 500
    assert "Traceback (most recent" not in answer.text
    assert here.fetched == []
