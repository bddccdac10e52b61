"""Settings: read once in a composition root, frozen, passed down as values."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_KEY = "demo-only-key-demo-only-key-demo"
"""The key of demo and tests; refused in production."""


class Environment(StrEnum):
    """Where the service runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class RoadsKind(StrEnum):
    """Where travel times come from."""

    ESTIMATE = "estimate"
    OSRM = "osrm"
    OSRM_HTTP = "osrm-http"
    VALHALLA_HTTP = "valhalla-http"


class GeocoderKind(StrEnum):
    """Who turns an address into a place."""

    NONE = "none"
    NOMINATIM = "nominatim"
    BAIDU = "baidu"
    AMAP = "amap"


class Settings(BaseSettings):
    """Everything that an operator may set; each is told in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="FAIRVISIT_", env_file=".env", extra="ignore", frozen=True
    )

    environment: Environment = Environment.DEVELOPMENT
    database_url: str = "sqlite:///var/fairvisit.db"
    data_folder: Path = Path("var")
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    log_level: str = "INFO"

    master_key: SecretStr = SecretStr(DEMO_KEY)
    master_keys_old: tuple[SecretStr, ...] = ()
    index_key: SecretStr = SecretStr(DEMO_KEY)
    token_key: SecretStr = SecretStr(DEMO_KEY)
    access_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    refresh_days: Annotated[int, Field(ge=1, le=90)] = 14

    roads: RoadsKind = RoadsKind.ESTIMATE
    roads_file: Path | None = None
    roads_url: str | None = None
    roads_profile: str = "car"
    estimate_speed_kmh: Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)] = 24.0
    estimate_detour: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] = 1.35

    geocoder: GeocoderKind = GeocoderKind.NONE
    geocoder_url: str | None = None
    geocoder_key: SecretStr | None = None
    geocoder_per_second: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 1.0

    messages_email_url: SecretStr | None = None
    messages_sms_url: SecretStr | None = None
    messages_folder: Path = Path("var/outbox")
    messages_deadline_s: Annotated[int, Field(ge=1, le=60)] = 15
    messages_person_most: Annotated[int, Field(ge=1)] = 6
    messages_branch_most: Annotated[int, Field(ge=0)] = 20_000
    messages_cost_most: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    messages_sms_cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    messages_email_cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    send_nothing: bool = False

    ping_url: SecretStr | None = None
    ping_urls: dict[str, SecretStr] = {}

    plan_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    plan_night_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    plan_polish_share: Annotated[float, Field(ge=0, le=0.9, allow_inf_nan=False)] = 0.2
    plan_threads: Annotated[int, Field(ge=1, le=64)] = 2
    plan_seed: int = 1
    plan_memory_mb: Annotated[int, Field(ge=768)] = 4096
    plan_continuity_s: Annotated[int, Field(ge=0, le=36_000)] = 300
    plan_change_s: Annotated[int, Field(ge=0, le=36_000)] = 300
    plan_balance_s: Annotated[int, Field(ge=0, le=36_000)] = 20
    plan_iterations: Annotated[int, Field(ge=0)] | None = None
    plan_travel_cv: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] = 0.2
    plan_service_cv: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] = 0.2
    plan_late_s: Annotated[int, Field(ge=0, le=36_000)] = 1800
    plan_width_s: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)] = 1.0
    optimization_small_kib: Annotated[int, Field(ge=0, le=16_384)] = 256
    optimization_seconds: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 5.0
    optimization_most_seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 60.0
    pack_folder: Path | None = None

    evidence_anchor_file: Path | None = None
    evidence_anchor_url: SecretStr | None = None
    evidence_anchor_secret: SecretStr | None = None
    tombstones_file: Path | None = None

    inbound_secrets: SecretStr | None = None

    @field_validator("database_url")
    @classmethod
    def _database_that_we_know(cls, url: str) -> str:
        kind, mark, _ = url.partition("://")
        if not mark or kind.partition("+")[0] not in {"sqlite", "postgresql"}:
            # Not the address itself: it may hold a password.
            msg = (
                "is no database that we know; write sqlite:///FILE or postgresql://USER@HOST/NAME"
            )
            raise ValueError(msg)
        return url

    @field_validator("ping_url")
    @classmethod
    def _address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("https://", "http://")):
            msg = "is no web address; write https://…"
            raise ValueError(msg)
        return url

    @field_validator("ping_urls")
    @classmethod
    def _addresses(cls, urls: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for url in urls.values():
            cls._address(url)
        return urls

    @model_validator(mode="after")
    def _no_demo_keys_in_production(self) -> Self:
        if self.environment is Environment.PRODUCTION:
            demo = [
                name
                for name in ("master_key", "index_key", "token_key")
                if getattr(self, name).get_secret_value() == DEMO_KEY
            ]
            if demo:
                names = ", ".join(f"FAIRVISIT_{name.upper()}" for name in demo)
                msg = f"{names} still hold the demo key; set 32 random characters each."
                raise ValueError(msg)
        return self

    def inbound_keys(self) -> tuple[str, ...]:
        """Return the secrets with which gateways sign what they tell; none where none may."""
        held = self.inbound_secrets.get_secret_value() if self.inbound_secrets else ""
        return tuple(held.split())
