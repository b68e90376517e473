"""The part of the build that pyproject.toml cannot say: a wheel carries assets/ inside the app package."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithAssets(build_py):
    """Copies assets/ to app/assets; an editable install goes without, since a checkout serves its own."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            self.copy_tree(str(ROOT / "assets"), str(Path(self.build_lib) / "app" / "assets"))


setup(cmdclass={"build_py": BuildWithAssets})
