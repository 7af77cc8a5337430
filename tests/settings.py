"""The project's settings as the tests use them, whoever starts the tests."""

import os
import tempfile
from pathlib import Path

os.environ["TESTING"] = "1"
# Uploads of one test run, in a folder that goes away with it.
_uploads = tempfile.TemporaryDirectory(prefix="kompetensportalen-test-")
os.environ["MEDIA_ROOT"] = str(Path(_uploads.name) / "media")
os.environ["PRIVATE_ROOT"] = str(Path(_uploads.name) / "private")

from config.settings import *
