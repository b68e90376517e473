"""The fork server: an asker that dies while it asks leaves no noise."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import os, socket, sys
import multiprocess
from multiprocess import forkserver, reduction
from app.jobs.forkserver import ForkServer
server = ForkServer()
server.warm().join()
child_r, child_w = os.pipe()
os.close(child_w)  # the asker dies before it has said what the process is to do
own = forkserver._forkserver
alive_r, status_w = os.pipe()
from multiprocess import resource_tracker
with socket.socket(socket.AF_UNIX) as client:
    client.connect(own._forkserver_address)
    reduction.sendfds(client, [child_r, status_w, own._forkserver_alive_fd, resource_tracker.getfd()])
os.close(status_w)
while os.read(alive_r, 100):  # until the process has ended
    pass
print("ended")
"""


def test_an_asker_that_dies_while_it_asks_is_not_told_of():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, env=os.environ)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
