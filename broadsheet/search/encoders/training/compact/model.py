"""The encoder while it learns: a table of token vectors and a few layers above it, in PyTorch.

A text's vector is the sum of its tokens' vectors, as in the static encoder (a token seen n times counts log(1 + n)),
but each vector has first been changed by its company: layers of attention and of two linear maps, each added to what it
reads (Vaswani et al. 2017; normed before, Xiong et al. 2020). The last map of each is 0 at the start, so that an untrained
layer changes nothing. How far two words are apart enters as a learned number a head and distance (Raffel et al. 2020).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.training.compact.shape import LOUDNESS, PADDING, Shape

EPSILON = 1e-6
LOCAL = 4.0  # how much the first two heads prefer the word before and the word after, at the start
FADING = 0.25  # by how much a word further counts less to the third head, at the start


class Model:
    """Parameters by name, and vectors made with them."""

    def __init__(self, torch: Any, shape: Shape, table: NDArray[np.float32], seed: int, half: bool) -> None:
        """``table`` [tokens, width]: what the token vectors begin as. ``half``: multiply in bfloat16."""
        self._torch, self.shape = torch, shape
        self._kind = torch.bfloat16 if half else torch.float32
        start = first_parameters(shape, table, seed)
        self.parameters = {name: torch.nn.Parameter(torch.from_numpy(value)) for name, value in start.items()}

    def vectors(self, ids: Any, whole: bool) -> Any:
        """[texts, width] from token numbers [texts, length]; without ``whole`` the layers are left out."""
        torch = self._torch
        ids = torch.as_tensor(ids)
        held = ids != PADDING
        same = (ids[:, :, None] == ids[:, None, :]).sum(2).float()
        counts = torch.log1p(same) / same * held
        x = torch.nn.functional.embedding(ids, self.parameters["table"]) * LOUDNESS
        if whole:
            x = x.to(self._kind)
            for layer in range(self.shape.layers):
                x = self._layer(layer, x, held)
            counts = counts * (self._normed(x) @ self.parameters["gate"].to(self._kind)).float().exp()
        return (x.float() * counts[:, :, None]).sum(1)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """All parameters as they stand."""
        found: dict[str, NDArray[np.float32]] = {
            name: value.detach().numpy() for name, value in self.parameters.items()
        }
        return found

    def _layer(self, layer: int, x: Any, held: Any) -> Any:
        torch, shape = self._torch, self.shape
        texts, length, width = x.shape
        looked = self._times(x, f"{layer}.look") + self._own(f"{layer}.look_from")
        parts = looked.view(texts, length, 3, shape.heads, width // shape.heads).permute(2, 0, 3, 1, 4)
        places = torch.arange(length)
        apart = (places[None, :] - places[:, None]).clamp(-shape.reach, shape.reach) + shape.reach
        bias = self._own(f"{layer}.apart")[:, apart]
        hidden = torch.zeros(held.shape, dtype=self._kind).masked_fill(~held, -1e4)[:, None, None, :]
        near = parts[0] @ parts[1].transpose(-1, -2) * (width // shape.heads) ** -0.5 + bias + hidden
        seen = (near.softmax(-1) @ parts[2]).transpose(1, 2).reshape(texts, length, width)
        x = x + seen @ self._own(f"{layer}.tell")
        opened = self._times(x, f"{layer}.open") + self._own(f"{layer}.open_from")
        return x + torch.relu(opened) @ self._own(f"{layer}.close")

    def _times(self, x: Any, name: str) -> Any:
        return self._normed(x) @ self._own(name)

    def _own(self, name: str) -> Any:
        return self.parameters[name].to(self._kind)

    def _normed(self, x: Any) -> Any:
        # Root mean square alone (Zhang and Sennrich 2019); its gain is in the map that follows.
        return self._torch.nn.functional.rms_norm(x, (x.shape[-1],), eps=EPSILON)


def first_parameters(shape: Shape, table: NDArray[np.float32], seed: int) -> dict[str, NDArray[np.float32]]:
    """What training begins with: ``table`` [tokens, width], and layers that change nothing yet."""
    rng = np.random.default_rng([seed, 7])
    width, inner = shape.width, shape.inner
    start: dict[str, NDArray[np.float32]] = {"table": table, "gate": np.zeros(width, np.float32)}
    for layer in range(shape.layers):
        start |= {
            f"{layer}.look": _random(rng, width, 3 * width),
            f"{layer}.tell": np.zeros((width, width), np.float32),
            f"{layer}.apart": _distances(shape),
            f"{layer}.open": _random(rng, width, inner),
            f"{layer}.close": np.zeros((inner, width), np.float32),
            f"{layer}.look_from": np.zeros(3 * width, np.float32),
            f"{layer}.open_from": np.zeros(inner, np.float32),
        }
    return start


def _random(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    found: NDArray[np.float32] = (rng.standard_normal((rows, columns)) / rows**0.5).astype(np.float32)
    return found


def _distances(shape: Shape) -> NDArray[np.float32]:
    """[heads, 2 * reach + 1]: one head looks back, one ahead, one around itself; the others look everywhere."""
    far = np.arange(-shape.reach, shape.reach + 1)
    out = np.zeros((shape.heads, len(far)), np.float32)
    for head, liked in enumerate((far == -1, far == 1)):
        out[head % shape.heads] += np.float32(LOCAL) * liked
    if shape.heads > 2:
        out[2] = -np.float32(FADING) * np.abs(far)
    return out
