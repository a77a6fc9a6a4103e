"""Settings, all from the environment (or an ``.env`` file), all beginning with ``S230_``."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph import release


class Settings(BaseSettings):
    """What can be set from outside."""

    model_config = SettingsConfigDict(env_prefix="S230_", env_file=".env", extra="ignore")

    home: Path = Field(default_factory=release.home, description="Folder for releases and fetched sources.")
    sources: str | None = Field(
        None,
        description="Folders or archives of official files, separated by the path separator. Set but empty means none.",
    )
    store: str | None = Field(None, description="A releases folder, or the address of a SPARQL endpoint.")
    store_credentials: SecretStr = Field(
        SecretStr(""), description="user:password for the SPARQL endpoint, where the address itself has none."
    )
    addresses: Path | None = Field(
        None, description="A copy of data/addresses.yaml with other hosts: where `fetch` finds official files."
    )
    fetch_seconds: float = Field(
        60, ge=0, description="Seconds for the first `serve` to bring official files; 0 means it does not try."
    )
    query_timeout: float = Field(10, gt=0, description="Seconds that a query may take, from queue to last byte.")
    query_memory_mb: int = Field(1024, ge=128, description="Memory of one query worker in MB.")
    workers: int = Field(2, ge=1, description="Query workers.")

    @property
    def credentials(self) -> str:
        """What ``S230_STORE_CREDENTIALS`` says; never to be printed."""
        return self.store_credentials.get_secret_value()

    @property
    def releases(self) -> Path:
        """Where releases go unless told otherwise."""
        return self.home / "graph"

    @property
    def fetched(self) -> Path:
        """Where fetched files go."""
        return self.home / "sources"

    def source_paths(self) -> list[Path]:
        """What `build` reads without ``--source``: ``S230_SOURCES`` and ``$S230_HOME/sources``."""
        named = [Path(part) for part in (self.sources or "").split(os.pathsep) if part]
        return [*named, *([self.fetched] if self.fetched.is_dir() else [])]
