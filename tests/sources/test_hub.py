"""A model fetched by its name, from a hub of our own on this machine. Its files are made up."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from broadsheet.sources import hub
from broadsheet.sources.hub import HubError, fetch_model

COMMIT = "c" * 40
FILES = {
    "config.json": b"{}",
    "model.safetensors": b"weights",
    "onnx/model.onnx": b"graph",
    "1_Pooling/config.json": b'{"pooling_mode": "mean"}',
    "pytorch_model.bin": b"a pickle",
    "modeling_own.py": b"raise SystemExit",
    "onnx/model_O4.onnx": b"another graph",
}


class _Hub(BaseHTTPRequestHandler):
    files = FILES

    def do_HEAD(self) -> None:
        self._answer(send=False)

    def do_GET(self) -> None:
        self._answer(send=True)

    def _answer(self, send: bool) -> None:
        path = self.path.partition("?")[0]
        name = path.partition(f"/resolve/{COMMIT}/")[2]
        if path.startswith("/api/models/acme/small/revision/"):
            self._say(
                json.dumps(
                    {"id": "acme/small", "sha": COMMIT, "siblings": [{"rfilename": one} for one in self.files]}
                ).encode(),
                send,
            )
        elif path.startswith("/api/models/acme/small/tree/"):
            self._say(
                json.dumps(
                    [{"type": "file", "path": one, "size": len(raw), "oid": "a"} for one, raw in self.files.items()]
                ).encode(),
                send,
            )
        elif name in self.files and path.startswith("/acme/small/"):
            self._say(self.files[name], send)
        else:
            self.send_error(404)

    def _say(self, raw: bytes, send: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("ETag", '"e"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if send:
            self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[_Hub]]:
    import huggingface_hub

    class Own(_Hub):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    asked = huggingface_hub.snapshot_download
    monkeypatch.setattr(
        huggingface_hub,
        "snapshot_download",
        lambda *what, **how: asked(*what, **how, endpoint=address, cache_dir=tmp_path / "cache"),
    )
    yield Own
    server.shutdown()
    server.server_close()


def test_what_a_model_is_run_from_is_fetched_and_nothing_that_can_hold_code(
    served: type[_Hub], tmp_path: Path
) -> None:
    files = fetch_model("acme/small", tmp_path / "models" / "small")

    assert files == ["1_Pooling/config.json", "config.json", "model.safetensors", "onnx/model.onnx"]
    assert (tmp_path / "models" / "small" / "model.safetensors").read_bytes() == b"weights"
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["small"]


def test_a_model_that_is_not_there_is_named_and_leaves_nothing(served: type[_Hub], tmp_path: Path) -> None:
    with pytest.raises(HubError, match="acme/large could not be fetched"):
        fetch_model("acme/large", tmp_path / "models" / "large")

    assert list((tmp_path / "models").iterdir()) == []


def test_a_model_of_pickles_alone_is_refused(served: type[_Hub], tmp_path: Path) -> None:
    served.files = {"config.json": b"{}", "pytorch_model.bin": b"a pickle"}

    with pytest.raises(HubError, match="neither ONNX nor safetensors"):
        fetch_model("acme/small", tmp_path / "small")


@pytest.mark.parametrize("name", ["small", "../../etc", "https://hub.example/a/b", "a/b/c", "a/..b", "-a/b"])
def test_what_is_no_name_is_told_before_anyone_is_asked(name: str, tmp_path: Path) -> None:
    with pytest.raises(HubError, match="is no name on the hub"):
        fetch_model(name, tmp_path / "out")


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError, match="is there already"):
        fetch_model("acme/small", tmp_path)


def test_only_a_command_fetches() -> None:
    package = Path(hub.__file__).parents[1]

    asking = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "huggingface_hub" in path.read_text()
    }

    assert asking == {"sources/hub.py"}
