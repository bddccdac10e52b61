"""Preparing a road network: from an OpenStreetMap extract to the files that OSRM routes on."""

import hashlib
import importlib.metadata
import importlib.util
import logging
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.errors import RoadsUnavailable, SettingsInvalid

try:
    import fcntl
except ImportError:  # no such thing outside POSIX, where there is no OSRM wheel either
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

BASE = "roads.osrm"
_EXTRACT = "input.osm.pbf"
_PREPARING = ".preparing-"


def is_installed() -> bool:
    """Tell whether this platform has the OSRM wheel."""
    return importlib.util.find_spec("osrm") is not None


def profile_file(profile: str) -> Path:
    """Return the file of a profile that comes with the wheel (car, bicycle, foot).

    Raises
    ------
    SettingsInvalid
        If the wheel has no such profile.
    """
    names = sorted(path.stem for path in _package().glob("share/profiles/*.lua"))
    offered = [name for name in ("car", "bicycle", "foot") if name in names]
    if profile not in offered:
        msg = f"FAIRVISIT_ROADS_PROFILE is {profile!r}; embedded roads know {', '.join(offered)}."
        raise SettingsInvalid(msg)
    return _package() / "share" / "profiles" / f"{profile}.lua"


def data_set_key(extract: Path, profile: str) -> str:
    """Return the identity of what `extract` becomes with `profile`: its hash and OSRM's version.

    Raises
    ------
    SettingsInvalid
        If the file can't be read.
    """
    try:
        with extract.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        msg = f"FAIRVISIT_ROADS_FILE {extract} can't be read ({error.strerror}); name an .osm.pbf."
        raise SettingsInvalid(msg) from error
    return f"{digest[:20]}-{profile}-{importlib.metadata.version('osrm-bindings')}"


def prepare(extract: Path, profile: str, key: str, folder: Path) -> Path:
    """Return the prepared data set's base path, after preparing it unless it is there already.

    All happens in a folder beside the final one, which is renamed when whole: an interrupted
    preparation leaves nothing that could be taken for a data set, and is done again. Two
    processes that start at once wait for each other.

    Raises
    ------
    RoadsUnavailable
        If OSRM can't make anything of the file (permanent), or the disk refuses.
    """
    done = folder / key
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{key}.lock"):
            if not done.exists():
                _prepare(extract, profile_file(profile), done)
    except OSError as error:
        msg = f"The road network can't be prepared in {folder}: {error.strerror or error}."
        raise RoadsUnavailable(msg) from error
    return done / BASE


def _prepare(extract: Path, profile: Path, done: Path) -> None:
    for left_over in done.parent.glob(f"{_PREPARING}{done.name}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    log.info("preparing the road network from %s; this is done once", extract.name)
    with tempfile.TemporaryDirectory(
        prefix=f"{_PREPARING}{done.name}-", dir=done.parent, ignore_cleanup_errors=True
    ) as name:
        work = Path(name) / "data"
        work.mkdir()
        # osrm-extract tells the format by the name's ending, whatever the user called the file.
        (Path(name) / _EXTRACT).symlink_to(extract.resolve())
        base = str(work / BASE)
        _run("extract", "-p", str(profile), "-o", base, str(Path(name) / _EXTRACT))
        _run("partition", base)
        _run("customize", base)
        work.rename(done)


def _run(step: str, *arguments: str) -> None:
    program = _package() / "bin" / f"osrm-{step}"
    ended = subprocess.run(
        [str(program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if ended.returncode == 0:
        return
    if ended.returncode == -signal.SIGKILL:  # by the kernel or an operator; a bad file aborts
        msg = f"OSRM's {step} step was killed; is there memory enough?"
        raise RoadsUnavailable(msg)
    reason = _reason(ended.stdout.decode(errors="replace"))
    msg = f"OSRM can't {step} the road network: {reason}. Is the file a whole .osm.pbf with roads?"
    raise RoadsUnavailable(msg, permanent=True)


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines()]
    told = [line for line in lines if "what():" in line or "[error]" in line]
    last = (told or lines or ["no reason given"])[-1]
    return last.rpartition("what():")[2].rpartition("[error]")[2].strip().rstrip(".")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)  # the kernel lets go when the process ends
        yield


def _package() -> Path:
    found = importlib.util.find_spec("osrm")
    if found is None or found.origin is None:
        msg = "This platform has no OSRM; set FAIRVISIT_ROADS to estimate or to a road server."
        raise SettingsInvalid(msg)
    return Path(found.origin).parent
