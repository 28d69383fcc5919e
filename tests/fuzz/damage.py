"""How files are damaged and odd values are made up, for hypothesis to draw and to make small."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

TOKENS = [
    *(b"\x1b[2J", b"\x1b]0;x\x07", b"\x9b31m", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc2\x85"),
    *(
        b"&a ",
        b"*a",
        b"<<: *a",
        b"!!python/object/apply:os.system [ls]",
        b"!x ",
        b"---\n",
        b"...\n",
    ),
    *(b"{", b"}", b"[" * 50, b"]", b": ", b"- ", b"? ", b"|", b">", b'"', b"'", b"#", b"\t", b"\r"),
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 400, b"-0", b"0x", b"1_0", b"null", b"~", b"true"),
    *(b"[a.b]\n", b"[[a]]\n", b"a = 1\n", b"1979-05-27", b"{zh: x}", b"{fact:x}"),
    *(b"{0.__class__}", b"\xed\xa0\x80"),
    *(
        "\u202e".encode(),
        "\u2028".encode(),
        "９".encode(),
        "¥".encode(),
        "𝟗".encode(),
        b"\xed\xa0\x80",
    ),
    *(b"=cmd|' /C calc'!A0", b"$(ls)", b"`ls`", b"%s%n", b"../../etc/passwd", b"/dev/zero"),
]
"""What has broken other programs that read files."""

TEXTS = st.one_of(
    st.sampled_from([token.decode("utf-8", "replace") for token in TOKENS]),
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "unknown", "true", "no", "-1", "0.5", "5%", "36元", "1,5", "1e3", "x" * 500]
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes with some of them cut out, repeated, or replaced by a token."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        token = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=4), st.just(b"")))
        middle = draw(st.sampled_from([token, content[start:end] * 2, content[start:end] + token]))
        content = content[:start] + middle + content[end:]
    return content


@st.composite
def bent(draw: st.DrawFn, data: Any) -> Any:
    """Data in which an entry or two are gone, renamed, of another kind, or another entry's."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 2))):
        places = [*_places(data)]
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        what = draw(st.sampled_from(["gone", "other", "moved", "renamed"]))
        if what == "gone":
            del holder[key]
        elif what == "other":
            holder[key] = draw(VALUES)
        elif what == "moved":
            other, place = draw(st.sampled_from(places))
            holder[key] = copy.deepcopy(other[place])
        elif isinstance(holder, dict):
            holder[draw(TEXTS)] = holder.pop(key)
    return data


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every entry of a tree: what holds it, and its key there."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)
