"""What the options say of cores and devices reaches the networks."""

import os
import subprocess
import sys
from pathlib import Path

ASK = "import django; django.setup(); from broadsheet.search.power import allowed; print(allowed())"


def test_the_options_say_how_much_of_the_machine_a_network_takes(tmp_path: Path) -> None:
    said = {"BROADSHEET_DATA": str(tmp_path), "BROADSHEET_ENCODER_THREADS": "3", "BROADSHEET_ENCODER_DEVICE": "gpu"}

    told = subprocess.check_output(
        [sys.executable, "-c", ASK],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"} | said,
    )

    assert told.decode().strip() == "Power(threads=3, device='gpu')"
