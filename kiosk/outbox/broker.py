"""One connection to an MQTT broker, in the caller's thread.

paho-mqtt comes with the optional extra `home` and is imported when a connection is made.
"""

import select
import socket
import ssl
from types import ModuleType
from typing import Any

from kiosk.errors import HomeError, SettingsError
from kiosk.outbox.secret import read_password
from kiosk.settings import HomeSettings

KEEPALIVE_S = 30
"""A broker gives a silent sender up after one and a half times as long."""
CONNECT_S = 10.0
"""A broker that does not answer for this long is not there."""
_TLS_PORT, _PLAIN_PORT = 8883, 1883
_REFUSED_USER = (4, 5, 134, 135)
"""Bad user name or password, not authorised; as MQTT 3.1.1 numbers them, and as MQTT 5 does."""


def import_paho() -> ModuleType:
    """Returns paho's client.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        import paho.mqtt.client as paho  # noqa: PLC0415 - no other command needs it
    except ImportError as error:
        raise SettingsError(
            "home.broker: paho-mqtt is not installed; run: pip install 'gym-mirror-kiosk[home]'"
        ) from error
    return paho


def check_settings(home: HomeSettings) -> None:
    """Refuses settings that no broker could be reached with.

    Raises:
        SettingsError: a file is missing or can be read by others, or paho is not installed.
    """
    import_paho()
    _password(home)
    if home.tls:
        _tls(home)


class _ClosedOnFailure(ssl.SSLSocket):
    """Is closed where the handshake fails: paho leaves it open, one more with every attempt."""

    def do_handshake(self, block: bool = False) -> None:
        """Greets the broker; see `ssl.SSLSocket.do_handshake`."""
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


class Connection:
    """A connection that is open, with its last will left at the broker.

    Args:
        home: whom to connect to.
        client: id of this sender, so that the broker ends a connection before it that still hangs.
        will: topic and payload that the broker publishes when this connection is lost.

    Raises:
        HomeError: the broker cannot be reached, or refuses; one line with the remedy.
        SettingsError: as `check_settings`.
    """

    def __init__(
        self, home: HomeSettings, client: str, will: tuple[str, str] | None = None
    ) -> None:
        paho = self._paho = import_paho()
        self._place = f"MQTT broker {home.broker}:{port_of(home)}"
        self._answer: Any = None
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=client, reconnect_on_failure=False
        )
        self._client._create_socket_connection = lambda: _call(home)  # noqa: SLF001 - see `_call`
        self._client.on_connect = self._answered
        if will:
            self._client.will_set(*will, qos=1, retain=True)
        if home.user:
            self._client.username_pw_set(home.user, _password(home))
        if home.tls:
            self._client.tls_set_context(_tls(home))
        self._open(home)

    def publish(self, topic: str, payload: str) -> None:
        """Leaves a message at the broker, which keeps it for whoever comes later.

        Raises:
            HomeError: the connection is lost.
        """
        sent = self._client.publish(topic, payload, qos=1, retain=True)
        if sent.rc != self._paho.MQTT_ERR_SUCCESS:
            raise self._lost(sent.rc)

    def turn(self, wait_s: float) -> None:
        """Reads and writes what is due, and waits for at most so long.

        Raises:
            HomeError: the connection is lost.
        """
        code = self._turn(wait_s)
        if code != self._paho.MQTT_ERR_SUCCESS:
            raise self._lost(code)

    @property
    def waiting(self) -> bool:
        """Whether the broker has not yet confirmed a message."""
        return bool(self._client._out_messages)  # noqa: SLF001 - it tells only by callbacks

    def close(self) -> None:
        """Ends in good order: the broker publishes no last will."""
        self._client.disconnect()
        self._turn(0.0)

    def _turn(self, wait_s: float) -> Any:
        """Does what paho's `loop` does, without the socket that it listens to itself on."""
        client, sock = self._client, self._client.socket()
        if sock is None:
            return self._paho.MQTT_ERR_NO_CONN
        buffered = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        writing = [sock] if client.want_write() else []
        readable, writable, _ = select.select([sock], writing, [], 0.0 if buffered else wait_s)
        code = client.loop_read() if readable or buffered else self._paho.MQTT_ERR_SUCCESS
        if writable and code == self._paho.MQTT_ERR_SUCCESS:
            code = client.loop_write()
        return client.loop_misc() if code == self._paho.MQTT_ERR_SUCCESS else code

    def _open(self, home: HomeSettings) -> None:
        try:
            self._client.connect(home.broker, port_of(home), KEEPALIVE_S)
            waited_s = 0.0
            while self._answer is None and waited_s < CONNECT_S:
                code = self._turn(0.25)
                waited_s += 0.25
                if code != self._paho.MQTT_ERR_SUCCESS and self._answer is None:
                    raise self._lost(code)
        except ssl.SSLCertVerificationError as error:
            raise HomeError(
                f"{self._place}: its certificate is not accepted ({error.verify_message}); name "
                "the host that it was made for in home.broker, and its issuer's file in "
                "home.ca_file"
            ) from None
        except ssl.SSLError as error:
            raise HomeError(
                f"{self._place}: no TLS ({error.reason or error}); check home.port and home.tls"
            ) from None
        except HomeError:
            raise
        except (OSError, ValueError) as error:  # a name that cannot be one is a ValueError
            reason = getattr(error, "strerror", None) or str(error)
            raise HomeError(
                f"{self._place}: cannot be reached ({reason}); check home.broker, home.port "
                "and home.tls, and the network"
            ) from None
        if self._answer is None:
            raise HomeError(f"{self._place}: does not answer; check home.port and home.tls")
        if self._answer.value in _REFUSED_USER:
            raise HomeError(
                f"{self._place}: refuses the user or the password; check home.user and "
                "home.password_file"
            )
        if self._answer.is_failure:
            raise HomeError(f"{self._place}: refuses ({self._answer}); see the broker's log")

    def _answered(self, _client: Any, _data: Any, _flags: Any, code: Any, _more: Any) -> None:
        self._answer = code

    def _lost(self, code: Any) -> HomeError:
        reason = self._paho.error_string(code).rstrip(".")
        return HomeError(f"{self._place}: the connection is lost ({reason}); it is tried again")


def _call(home: HomeSettings) -> socket.socket:
    """Calls the broker without choosing an address of this machine, as paho would.

    The unit may only call, so that choosing one (bind) is refused there as well as listening.
    """
    return socket.create_connection((home.broker, port_of(home)), timeout=CONNECT_S)


def port_of(home: HomeSettings) -> int:
    """Returns the port as configured, else the usual one."""
    return home.port or (_TLS_PORT if home.tls else _PLAIN_PORT)


def _password(home: HomeSettings) -> str | None:
    return read_password(home.password_file, "home-password", "home.password_file")


def _tls(home: HomeSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=home.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"home.ca_file: {home.ca_file} cannot be used ({error.strerror or error}); name a file "
            "of certificates in PEM format"
        ) from error
    # Python 3.13 refuses what `openssl req -x509` makes, for want of an extension; issuer and name
    # are checked all the same, and so they are by the database's driver
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.sslsocket_class = _ClosedOnFailure
    return context
