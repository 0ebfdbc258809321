"""A kernel connection that sends each message at once; lab.py uses it.

A key press on a slider is answered by several small messages. TCP keeps the second until the first
is acknowledged, which a browser puts off for some 40 ms (Nagle's algorithm, RFC 896, meets delayed
acknowledgements, RFC 1122), and Jupyter Server does not switch that off. Half of the presses then
took 55 ms instead of 20.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

__all__ = ["PromptConnection"]


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter Server's own connection, with TCP_NODELAY."""

    def connect(self):
        """Switch the waiting off, then connect as always."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
