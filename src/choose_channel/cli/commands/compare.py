"""Two to five scenarios side by side: answer files, and the first with some answers changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from choose_channel.answers.files import layers_of, read_document
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.api import decide_answers, engine_for
from choose_channel.cli import output
from choose_channel.cli.clock import today
from choose_channel.cli.registry import Context
from choose_channel.engine.difference import Scenario, compare
from choose_channel.files import storage
from choose_channel.messages.errors import AnswersError, DocumentError, Problem, UsageError
from choose_channel.messages.shell import command_line
from choose_channel.model.naming import PROGRAM, VERSION
from choose_channel.report.formats import format_named
from choose_channel.report.run_info import RunInfo

MOST = 5
