"""A pytest plugin: an exercise home in a temporary folder, made before Django reads its settings.

Named in pyproject.toml (`-p forestall.cli.trialhome`), because by the time a conftest is read the settings are too.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from forestall.base.home import Kind, create

_folder = Path(tempfile.mkdtemp(prefix="forestall-trial-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["FORESTALL_HOME"] = str(create(_folder / "home", kind=Kind.EXERCISE).path)
