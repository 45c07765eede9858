"""What the Python tests share with each other. What they share with the demo is in tools/lib."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
