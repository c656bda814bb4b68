"""Models from the Hugging Face hub, when an operator asks for one by name. Wants the extra ``onnx``.

The hub's own client does it: it checks sizes, goes on after a cut and knows mirrors (``HF_ENDPOINT``).
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
# What a model is run from, and nothing that Python would unpickle.
_WANTED = ("*.json", "*.safetensors", "model.onnx*", "onnx/model.onnx*", "README.md", "LICENSE*")


class HubError(Exception):
    """A model could not be had from the hub; the message says why and what to do."""


def fetch_model(name: str, out: Path, revision: str = "main") -> list[str]:
    """Fetch the model ``name`` (``owner/model``) into the new folder ``out``; what is there now, by path in the folder.

    ``out`` appears when all is there, or not at all.

    Raises:
        HubError: if there is no such model, or the hub or its client is not there.
        FileExistsError: if ``out`` is there already.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise HubError(
            f"{name!r} is no name on the hub: say owner/model, such as sentence-transformers/all-MiniLM-L6-v2"
        )
    if out.exists():
        raise FileExistsError(f"{out}: is there already; name a folder that is not")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from huggingface_hub import snapshot_download
    except ImportError as missing:
        raise HubError(f"{missing}; install it with pip install 'broadsheet[onnx]'") from missing
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as aside:
        made = Path(aside) / out.name
        try:
            snapshot_download(name, revision=revision, local_dir=made, allow_patterns=list(_WANTED))
        except Exception as wrong:  # its own kinds, those of its HTTP client and the system's
            said = (str(wrong).strip().splitlines() or [type(wrong).__name__])[0]
            raise HubError(f"{name} could not be fetched: {said}; correct the name, or try again later") from wrong
        shutil.rmtree(made / ".cache", ignore_errors=True)
        files = sorted(str(path.relative_to(made)) for path in made.rglob("*") if path.is_file())
        if not any(path.endswith((".onnx", ".safetensors")) for path in files):
            raise HubError(f"{name} has neither ONNX nor safetensors; choose another model")
        made.rename(out)
    return files
