"""The hub of hub/, tried without root and systemd: what needs them is replaced, nothing else."""

import os

c = get_config()  # noqa: F821 - JupyterHub puts it here
load_subconfig(os.environ["HUB_CONFIG"])  # noqa: F821

FOLDER = os.environ["HUB_FOLDER"]
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{FOLDER}/homes/{{username}}"
c.JupyterHub.bind_url = os.environ["HUB_URL"]
c.JupyterHub.hub_port = int(os.environ["HUB_PORT"])
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['PROXY_PORT']}"
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{FOLDER}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{FOLDER}/proxy.pid"
c.FirstUseAuthenticator.dbm_path = f"{FOLDER}/passwords.dbm"
c.Authenticator.allowed_users = set(os.environ["HUB_CLASS"].split())
c.JupyterHub.cleanup_servers = True
if os.geteuid() == 0:  # as in a container
    c.Spawner.args = [*c.Spawner.args, "--allow-root"]
