"""make lab answers a key press at once: its kernel connection does not wait to fill a packet."""

from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config import Config

import no_delay

ROOT = Path(__file__).resolve().parent.parent


def test_waiting_is_switched_off_before_anything_is_sent(monkeypatch):
    """And all else is Jupyter Server's own connection."""
    calls = []
    handler = KernelWebsocketHandler.__new__(KernelWebsocketHandler)
    handler.set_nodelay = lambda value: calls.append(value)
    monkeypatch.setattr(
        ZMQChannelsWebsocketConnection, "connect", lambda self: calls.append("connected")
    )
    connection = no_delay.PromptConnection.__new__(no_delay.PromptConnection, config=Config())
    connection.websocket_handler = handler
    connection.connect()
    assert calls == [True, "connected"]


def test_make_lab_and_the_browser_tests_use_it():
    """By the same words."""
    for path in ["tools/lab.py", "tests/browser/server.py"]:
        words = "--ServerApp.kernel_websocket_connection_class=no_delay.PromptConnection"
        assert words in (ROOT / path).read_text("utf-8")
