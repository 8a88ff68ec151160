"""Runs a command on a pseudo-terminal: terminal.py STEPS COMMAND...

STEPS is JSON, a list of [text to wait for, keys to press then]; stderr gets a line with the process id for each that is done. What the terminal showed, and the exit code, come out as JSON.
"""

import json
import os
import pty
import sys

steps = json.loads(sys.argv[1])
command = sys.argv[2:]
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)

shown = b""
seen = 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody holds the other side any more
        break
    if not chunk:
        break
    shown += chunk
    if steps and steps[0][0].encode() in shown[seen:]:
        seen = len(shown)
        os.write(terminal, steps.pop(0)[1].encode())
        print("step", process, file=sys.stderr, flush=True)

_, status = os.waitpid(process, 0)
print(json.dumps({"shown": shown.decode(errors="replace"), "exitCode": os.waitstatus_to_exitcode(status)}))
