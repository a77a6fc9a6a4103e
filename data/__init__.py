"""What is kept by hand: facts, tables, schemas, queries and stories. Files, no code; this says only where they are."""

from pathlib import Path

ROOT = Path(__file__).parent
