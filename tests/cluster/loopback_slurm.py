"""A Slurm of one node on the loopback, for tests: its own munge key, sockets, ports and folder. Nothing outside that
folder is touched, and a Slurm that is there already goes on as if nothing were.
Usage: loopback_slurm.py COMMAND [ARGUMENT...] runs a command that finds it, to try things by hand."""

import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

DAEMONS = ("munged", "slurmctld", "slurmd")
CLIENTS = ("sbatch", "squeue", "scancel", "scontrol", "sinfo")

CONFIGURATION = """\
ClusterName=ridgeline
SlurmctldHost=localhost(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=1,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
RequeueExit=75
KillWait=5
NodeName=localhost NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def end_with_parent():
    """In a child: SIGTERM when its parent dies, however it does."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def program(name):
    """Where a program is; daemons are in folders that a user's PATH lacks."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin")


def is_installed():
    return all(program(name) for name in DAEMONS + CLIENTS)


def free_ports(count):
    """Ports that nobody listens on just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class LoopbackSlurm:
    """`with LoopbackSlurm() as slurm:` and its environment finds it. All is gone at the end, also after a failure."""

    def __enter__(self):
        for attempt in range(3):  # someone else may take a port
            try:
                return self.start()
            except RuntimeError:
                self.stop()
                if attempt == 2:
                    raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.processes = []
        # Short, as the names of sockets have to be; absolute, or slurmd starts and then cannot start jobs.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ridgeline-slurm-"))
        self.folder.chmod(0o755)  # munged lets clients of all users in
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        configuration = self.folder / "slurm.conf"
        configuration.write_text(CONFIGURATION.format(
            user=pwd.getpwuid(os.getuid()).pw_name, folder=self.folder, ports=free_ports(2),
            host=socket.gethostname().split(".")[0]))
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("SLURM", "SBATCH"))}
        self.environment["SLURM_CONF"] = str(configuration)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self.launch("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                    f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log",
                    f"--seed-file={self.folder}/munged.seed")
        self.wait_for(lambda: (self.folder / "munge.socket").exists(), "munged")
        self.launch("slurmctld", "-D", "-c", "-f", str(configuration))
        self.launch("slurmd", "-D", "-N", "localhost", "-f", str(configuration))
        self.wait_for(lambda: self.run("sinfo", "-h", "-o", "%T", check=False).strip() == "idle", "slurmd")
        return self

    def launch(self, name, *arguments):
        with open(self.folder / f"{name}.out", "wb") as output:
            self.processes.append(subprocess.Popen(
                [program(name), *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self.environment,
                preexec_fn=end_with_parent))

    def wait_for(self, is_so, what, seconds=20):
        end = time.monotonic() + seconds
        while not is_so():
            ended = [process.args[0] for process in self.processes if process.poll() is not None]
            if ended or time.monotonic() > end:
                outputs = "".join(path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.out")))
                raise RuntimeError(f"{what} is not ready; ended: {ended}\n{outputs}")
            time.sleep(0.05)

    def run(self, name, *arguments, check=True):
        """Standard output of one of Slurm's programs."""
        return subprocess.run([program(name), *arguments], check=check, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=None if check else subprocess.DEVNULL, timeout=30).stdout

    def stop(self):
        """Ends what it started: the daemons, and by its environment whatever these left behind."""
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in self.left_behind():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)

    def left_behind(self):
        mark = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    yield int(entry.name)
            except OSError:
                pass


if __name__ == "__main__":
    if len(sys.argv) < 2 or not is_installed():
        sys.exit("loopback_slurm.py: needs a command, and Slurm (Debian: slurm-wlm munge)")
    with LoopbackSlurm() as here:
        sys.exit(subprocess.run(sys.argv[1:], env=here.environment).returncode)
