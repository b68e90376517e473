"""``nnprobe course``, as a student types it."""

from __future__ import annotations

import json

from app.cli import main


def test_new_and_check(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["course", "new", str(folder), "--exercises", "mul, exp"]) == 0
    assert "2 exercises" in capsys.readouterr().out
    assert main(["course", "check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "1  ·  mul  open    0 of 2 tests" in told
    assert "0 of 2 exercises done." in told
    assert "Next: Mul.backward in nn_lib/math_fns/mul.py:" in told

    path = folder / "nn_lib" / "math_fns" / "exp.py"
    path.write_text(path.read_text().replace("raise ExerciseNotDone(", "return (grad * self.reslt,)  # ("))
    assert main(["course", "check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "✗ exp, test_a_matrix" in told
    assert "return (grad * self.reslt,)" in told

    path.write_text(path.read_text().replace("reslt", "result"))
    assert main(["course", "check", str(folder), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [(row["exercise"], row["state"], row["passed"]) for row in answer["rows"]] == [
        ("mul", "open", 0),
        ("exp", "passes", 2),
    ]
    assert answer["next"] == "mul"


def test_wrong_requests_are_sentences(tmp_path, capsys):
    assert main(["course", "check", str(tmp_path)]) == 2
    assert "DIR must be a folder that nnprobe course new has written" in capsys.readouterr().err
    assert main(["course", "show", str(tmp_path)]) == 2
    assert "DIR must be a folder" in capsys.readouterr().err
    assert main(["course", "new", str(tmp_path / "a"), "--exercises", "mull"]) == 2
    assert "exercises must be names of" in capsys.readouterr().err
