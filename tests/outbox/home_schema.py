"""What Home Assistant accepts, as structs that refuse every other key.

Written after `DEVICE_DISCOVERY_SCHEMA` of homeassistant/components/mqtt/schemas.py,
`validate_sensor_state_and_device_class_config` of its sensor.py, and the pages
home-assistant.io/integrations/mqtt, sensor.mqtt and binary_sensor.mqtt: the keys that a mirror may
use of them, with their types.
"""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Topic = Annotated[str, Meta(min_length=1, max_length=65535, pattern=r"^[^#+\x00-\x1f]+\Z")]
Icon = Annotated[str, Meta(pattern=r"^[a-z]+:[a-z-]+\Z")]
Category = Literal["diagnostic", "config"]
DISCOVERY_TOPIC = re.compile(r"(?P<component>\w+)/(?:[a-zA-Z0-9_-]+/)?[a-zA-Z0-9_-]+/config")
"""`TOPIC_MATCHER` of homeassistant/components/mqtt/discovery.py, behind the prefix."""


class Device(Struct, forbid_unknown_fields=True, kw_only=True):
    identifiers: Annotated[list[str], Meta(min_length=1)]
    name: str
    manufacturer: str | None = None
    model: str | None = None
    model_id: str | None = None
    hw_version: str | None = None
    sw_version: str | None = None
    serial_number: str | None = None
    suggested_area: str | None = None
    configuration_url: str | None = None


class Origin(Struct, forbid_unknown_fields=True, kw_only=True):
    name: str
    sw_version: str | None = None
    support_url: str | None = None


class Entity(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="platform", frozen=True):
    unique_id: str  # required of every component
    state_topic: Topic
    name: str | None = None
    value_template: str | None = None
    json_attributes_topic: Topic | None = None
    json_attributes_template: str | None = None
    entity_category: Category | None = None
    icon: Icon | None = None
    enabled_by_default: bool = True
    expire_after: Annotated[int, Meta(ge=0)] | None = None


class Sensor(Entity, tag="sensor", frozen=True):
    device_class: Literal["enum", "timestamp", "temperature", "duration"] | None = None
    state_class: Literal["measurement", "total", "total_increasing"] | None = None
    unit_of_measurement: Annotated[str, Meta(min_length=1)] | None = None
    options: Annotated[list[str], Meta(min_length=1)] | None = None
    suggested_display_precision: Annotated[int, Meta(ge=0)] | None = None

    def __post_init__(self) -> None:
        if self.options is not None:
            assert self.device_class == "enum"
            assert self.state_class is None
            assert self.unit_of_measurement is None
        if self.device_class in ("enum", "timestamp"):
            assert self.unit_of_measurement is None
            assert self.state_class is None
        if self.device_class == "temperature":
            assert self.unit_of_measurement in ("°C", "°F", "K")


class BinarySensor(Entity, tag="binary_sensor", frozen=True):
    device_class: Literal["problem", "running", "connectivity", "occupancy"] | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"


class Discovery(Struct, forbid_unknown_fields=True, kw_only=True):
    device: Device
    origin: Origin
    components: Annotated[dict[str, Sensor | BinarySensor], Meta(min_length=1)]
    availability_topic: Topic | None = None
    payload_available: str = "online"
    payload_not_available: str = "offline"
    qos: Literal[0, 1, 2] = 0
    state_topic: Topic | None = None
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        ids = [one.unique_id for one in self.components.values()]
        assert len(set(ids)) == len(ids)


def checked(payload: bytes | str) -> Discovery:
    """The payload, as Home Assistant reads it; raises over what it would refuse."""
    return msgspec.json.decode(payload, type=Discovery)


def state_allowed(entity: Sensor | BinarySensor, payload: str) -> bool:
    """Whether Home Assistant would show a state."""
    if payload == "None":  # unknown
        return True
    if isinstance(entity, BinarySensor):
        return payload in (entity.payload_on, entity.payload_off)
    if entity.options is not None:
        return payload in entity.options
    if entity.device_class == "timestamp":
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", payload))
    if entity.state_class is not None:
        return bool(re.fullmatch(r"-?\d+(\.\d+)?", payload))
    return 0 < len(payload) <= 255  # the longest state
