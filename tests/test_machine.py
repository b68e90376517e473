"""What the browser tests need of the machine is found, or named in a sentence."""

from __future__ import annotations

import playwright_driver

#: What ld.so says of a program whose library is missing.
LD_SO = "node: error while loading shared libraries: {}: cannot open shared object file: No such file or directory"


def test_the_driver_starts_here():
    assert playwright_driver.complaint() == ""


def test_a_missing_library_is_named_with_its_package():
    said = LD_SO.format("libatomic.so.1")
    assert playwright_driver.missing_package(said) == "libatomic1"
    assert "sudo apt-get install libatomic1" in playwright_driver.advice(said)
    assert playwright_driver.missing_package(LD_SO.format("libfoo.so.7")) is None


def test_a_driver_that_cannot_be_run_at_all_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(playwright_driver, "compute_driver_executable", lambda: (str(tmp_path / "node"), ""))
    assert "No such file" in playwright_driver.complaint()
