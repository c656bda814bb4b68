"""The machine that a measurement ran on, in words."""

import os
import platform
import re
from pathlib import Path


def described() -> str:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    name = cpu[1].strip() if cpu else platform.machine()
    size = f"{int(memory[1]) / 1024**2:.0f} GiB" if memory else "unknown"
    return f"{name}, {os.cpu_count()} cores, {size} of memory, Python {platform.python_version()}"
