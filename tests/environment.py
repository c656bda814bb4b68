"""Every run has a data folder of its own; no option of the person who runs it leaks in.

Loaded by ``-p`` in pyproject.toml, since pytest-django reads the settings before any conftest.
"""

import atexit
import os
import shutil
import tempfile

_KEPT = ("BROADSHEET_TEST_DATA", "BROADSHEET_TEST_DATABASE")
for _name in [name for name in os.environ if name.startswith("BROADSHEET_") and name not in _KEPT]:
    del os.environ[_name]
_data = tempfile.mkdtemp(prefix="broadsheet-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["BROADSHEET_DATA"] = _data
if _database := os.environ.get("BROADSHEET_TEST_DATABASE"):
    os.environ["BROADSHEET_DATABASE"] = _database
