"""Two to five scenarios side by side: answer files, and the first with some answers changed."""

from __future__ import annotations

MOST = 5
