"""A key press is answered at once: the kernel connection does not wait to fill a packet."""

from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config import Config

from smlearn.course import no_delay

ROOT = Path(__file__).resolve().parents[2]


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


def test_smlearn_open_and_the_browser_tests_use_it():
    """By the same words."""
    for path in ["smlearn/course/lab.py", "tests/browser/server.py"]:
        words = "_connection_class=smlearn.course.no_delay.PromptConnection"
        assert words in (ROOT / path).read_text("utf-8")
