"""Where the server listens, who can reach it there, and what it is then known as."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from dgsim.errors import StudyError
from dgsim.texts import Words

KEY = "key"  # its name in an address
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none is taken for another
EVERYWHERE = ("0.0.0.0", "::")
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Endpoint:
    """Where the server listens, and under which names it is asked.

    Attributes
    ----------
    host
        A name or an address; ``0.0.0.0`` and ``::`` are all networks of this machine.
    port
        1 to 65535.
    names
        Further names it may be asked under, such as that of a proxy before it.
    """

    host: str
    port: int
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.host.strip():
            raise StudyError(
                "--host is empty (is a variable not set?); name an address: 127.0.0.1 is this machine alone"
            )

    @property
    def open(self) -> bool:
        """Whether other machines can reach it."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise self._useless(error) from None
        return not all(ipaddress.ip_address(str(address[4][0]).split("%")[0]).is_loopback for address in found)

    @property
    def shown(self) -> str:
        """The address others reach this machine by, as it stands in that of a page."""
        name = (own_address(self.host) or socket.gethostname()) if self.host in EVERYWHERE else self.host
        return f"[{name}]" if ":" in name else name

    @property
    def known_as(self) -> set[str]:
        """All names it may be asked under; the address a request arrives at is another."""
        own = {socket.gethostname(), socket.getfqdn(), f"{socket.gethostname()}.local"} if self.open else set()
        return {self.host, *HERE, *own, *self.names} - set(EVERYWHERE)

    def listen(self) -> socket.socket:
        """A socket that listens there. Raises StudyError where that cannot be."""
        listening = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.host == "::":  # all networks, also those of IPv4; some systems would leave these out
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            listening.bind((self.host, self.port))
        except (OSError, UnicodeError, TypeError) as error:  # the last two where it is no name at all
            listening.close()
            raise self._useless(error) from None
        return listening

    def address(self, key: str = "") -> str:
        """What is typed into a browser; of all networks by number, for a name is not known to all who are asked."""
        return self._at(self.shown, key)

    def by_name(self, key: str = "") -> str | None:
        """The same by the name of this machine, which some networks know; None where `address` has a name."""
        name = socket.gethostname()
        return self._at(name, key) if self.host in EVERYWHERE and self.shown != name else None

    def _at(self, name: str, key: str) -> str:
        return f"http://{name}:{self.port}/" + (f"?{KEY}={key}" if key else "")

    def _useless(self, error: Exception) -> StudyError:
        reason = getattr(error, "strerror", None) or str(error)
        return StudyError(f"{self.host} port {self.port} cannot be used ({reason}); name another port or host")


def own_address(host: str) -> str | None:
    """The number this machine has on the network its way out leads through; None where it has none. Nothing is sent."""
    ways = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # nobody's, by RFC 5737 and 3849
    for family, elsewhere in ways if host == "::" else ways[:1]:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asking:
                asking.connect((elsewhere, 9))
                return str(asking.getsockname()[0])
        except OSError:
            continue
    return None


def new_key() -> str:
    """A key that can be read out and typed: twelve of 31 letters, some 8e17 keys."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def opened(endpoint: Endpoint, results: Path, w: Words) -> str:
    """What others can do who have the address."""
    return w("server.open", port=str(endpoint.port), results=str(results.resolve()))
