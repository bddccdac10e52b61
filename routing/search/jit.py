"""How kernels are compiled, and where the compiled code is kept.

Numba looks only at the file of an entry function to tell whether its cached code is current, so
the cache lies in a folder named after the digest of all files of this package: code compiled from
other sources is never found. Without numba (no wheel for the platform) the same functions run as
plain Python: the same plans, about a hundred times slower.
"""

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

numba: Any
try:
    import numba
except ImportError:  # pragma: no cover - a platform without a wheel
    numba = None

type Function = Callable[..., Any]

IS_COMPILED = numba is not None and not (numba and numba.config.DISABLE_JIT)
"""Whether kernels run as machine code."""


_PLAIN = {
    "__init__.py",
    "acts.py",
    "build.py",
    "climb.py",
    "cooling.py",
    "effort.py",
    "empty_plan.py",
    "epoch.py",
    "first_plan.py",
    "territory.py",
    "warm.py",
    "zones.py",
}
"""Files without kernels; a change of them leaves the compiled code current."""


def _digest() -> str:
    """Sixteen characters that stand for every file with kernels and for numba."""
    seen = hashlib.sha256(platform.python_version().encode())
    seen.update(str(getattr(numba, "__version__", "")).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name in _PLAIN:
            continue
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def _cache_folder() -> Path:
    """Beside this file where that is writable, else a folder of the user's own."""
    name = f"kernels-{_digest()}"
    own = Path(__file__).parent / "__pycache__"
    try:
        own.mkdir(exist_ok=True)
        if os.access(own, os.W_OK):
            return own / name
    except OSError:
        pass
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if os.access(home, os.W_OK):
        return home / "fairvisit" / name
    return Path(tempfile.gettempdir()) / f"fairvisit-{os.getuid()}" / name


def _kernel(**options: Any) -> Callable[[Function], Function]:
    """No bounds checks, no GIL, division as in C, and no reference counting.

    Kernels allocate nothing, so nothing needs counting; counting the arrays of a day and a state
    at each call made the search several times slower (`_nrt` is an option numba does not document).
    """
    if numba is None:  # pragma: no cover - a platform without a wheel
        return lambda function: function
    decorate: Callable[[Function], Function] = numba.njit(
        nogil=True,
        boundscheck=False,
        error_model="numpy",
        _nrt=False,
        no_cfunc_wrapper=True,
        **options,
    )
    return decorate


if numba is not None:
    numba.config.CACHE_DIR = str(_cache_folder())

entry = _kernel(cache=True)
"""A kernel that Python calls."""

compiled = _kernel(no_cpython_wrapper=True)
"""A kernel that only kernels call."""

inlined = _kernel(no_cpython_wrapper=True, forceinline=True)
"""A kernel small or hot enough to be written into its callers."""
