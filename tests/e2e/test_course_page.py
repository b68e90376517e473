"""``nnprobe course show`` in a real Chromium: a student's mistake is shown with its line; put right, it trains."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from browser import PATIENCE, READY, ROOT
from playwright.sync_api import expect

from nnprobe_core.course.copy import new

pytestmark = pytest.mark.e2e


@pytest.fixture
def course(tmp_path):
    new(tmp_path / "mine", ["sgd"])
    return tmp_path / "mine"


@pytest.fixture
def shown(course: Path, tmp_path):
    """The address that the command prints."""
    environment = {**os.environ, "NNPROBE_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "app", "course", "show", str(course), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("nnprobe is at http://127.0.0.1:")
        yield line.removeprefix("nnprobe is at ").strip()
    finally:
        process.terminate()
        process.communicate(timeout=120)


def test_a_mistake_is_shown_with_its_line_and_the_lab_lives_on(shown, course, chromium):
    path = course / "nn_lib" / "math_fns" / "tanh.py"
    right = path.read_text()
    wrong = right.replace("np.abs(self.result)", "np.abs(self.reslt)")
    assert wrong != right
    path.write_text(wrong)
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{shown}&steps=40&frames=41&n_train=50&n_test=50&hidden=6")  # a link with settings trains at once
    page.wait_for_function(READY)
    page.wait_for_function("nnprobe.film.status && nnprobe.film.status.state === 'failed'")
    toast = page.locator(".toast")
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "reslt" in text)
    expect(toast).to_contain_text(f"nn_lib/math_fns/tanh.py, line {line}:")
    expect(toast).to_contain_text("return (grad * (1 + np.abs(self.reslt)) * rest,)")
    expect(toast).to_contain_text("AttributeError: 'Tanh' object has no attribute 'reslt'")
    expect(page.locator("#state-word")).to_have_text("failed")
    expect(page.locator("#field-engine")).to_have_value("course")

    path.write_text(right)
    page.keyboard.press("t")
    page.wait_for_function("nnprobe.film.status && nnprobe.film.status.state === 'done'")
    expect(page.locator("#state-word")).to_have_text("done")
    expect(toast).to_have_count(0)
    assert page.evaluate("nnprobe.film.config.engine") == "course"
    context.close()
