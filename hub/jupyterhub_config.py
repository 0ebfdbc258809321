"""JupyterHub for a class, on one Linux machine with systemd. hub/README.md says how to start it.

Each line has its reason. Figures are those that `make test-hub` measured; see TEACHING.md.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub puts it here

HERE = Path(__file__).parent
CLASS = HERE / "class.txt"  # a name a line; who stands in it may log in
PROGRAMS = Path(sys.executable).parent

# Who. A learner chooses a password at the first login: no list of passwords, no other service.
c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
c.FirstUseAuthenticator.dbm_path = str(HERE / "passwords.dbm")
# Only names in class.txt, so that nobody who finds the address can run code on your machine.
c.FirstUseAuthenticator.create_users = False
c.Authenticator.allowed_users = set(CLASS.read_text("utf-8").split()) if CLASS.exists() else set()
c.Authenticator.admin_users = set(
    os.environ.get("TEACHER", "").split()
)  # TEACHER=name: stops servers

# Where. systemd gives each learner a user of their own (nobody reads another's answers), and
# limits that hold: one endless loop slows down its author and no one else.
c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
c.SystemdSpawner.dynamic_users = True
c.SystemdSpawner.isolate_tmp = True
# Two notebooks at once, the largest (04) at its peak of 356 MB; above it the kernel dies.
c.SystemdSpawner.mem_limit = "1G"
# A second core helps nobody here: the numerics take one thread each.
c.SystemdSpawner.cpu_limit = 1.0
# A first page is slow when forty ask for it at once, and that is no error.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
# A limit would not let the others wait: it turns them away with "429 Too Many Requests".
c.JupyterHub.concurrent_spawn_limit = 0

# What. JupyterLab from this environment, whatever else the machine has.
c.Spawner.cmd = [str(PROGRAMS / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.args = ["--LabApp.extension_manager=readonly"]  # nobody installs into a shared machine
c.Spawner.environment = {
    # A second thread of the BLAS in NumPy would wait, at full speed, for a core that another has.
    "OPENBLAS_NUM_THREADS": "1",
}

# When. Memory is what runs out: who is away for an hour loses the kernel, not the file.
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    }
]

# The door. One port; put a web server with a certificate in front of it (hub/README.md).
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = str(
    PROGRAMS.parent / "proxy/node_modules/.bin/configurable-http-proxy"
)
# A restart of the hub (a new name in class.txt) leaves learners at work alone.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cookie_secret_file = str(HERE / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{HERE / 'jupyterhub.sqlite'}"
