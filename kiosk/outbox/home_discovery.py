"""Describes the mirror to Home Assistant: one device with a few entities.

The format is the device-based discovery of Home Assistant's MQTT integration
(home-assistant.io/integrations/mqtt, "Device discovery payload"; `DEVICE_DISCOVERY_SCHEMA` in
homeassistant/components/mqtt/schemas.py): one retained message with the device, its origin and all
of its components.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

STATES = ("waiting", "in a set", "cannot see")
"""What the state can be; Home Assistant shows them as they are."""
UNKNOWN = "None"
"""The payload that Home Assistant takes for an unknown state."""
ONLINE, OFFLINE = "online", "offline"
ON, OFF = "ON", "OFF"


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one mirror."""

    discovery: str
    base: str

    @classmethod
    def of(cls, mirror: UUID, prefix: str) -> "Topics":
        """Returns those of a mirror, below the prefix that Home Assistant listens to."""
        return cls(f"{prefix}/device/gym_mirror_{mirror.hex}/config", f"gym-mirror/{mirror.hex}")

    @property
    def availability(self) -> str:
        """Whether somebody sends; the broker writes `OFFLINE` here when the sender is lost."""
        return f"{self.base}/availability"

    def state(self, entity: str) -> str:
        """The state of an entity."""
        return f"{self.base}/{entity}"

    def details(self, entity: str) -> str:
        """What else is known of an entity, as JSON."""
        return f"{self.base}/{entity}/details"


def discovery_payload(mirror: UUID, name: str, version: str, topics: Topics) -> dict[str, Any]:
    """Returns the message that makes Home Assistant show the mirror."""

    def entity(key: str, title: str, platform: str = "sensor", **more: Any) -> dict[str, Any]:
        return {
            "platform": platform,
            "unique_id": f"gym_mirror_{mirror.hex}_{key}",
            "name": title,
            "state_topic": topics.state(key),
            **more,
        }

    def details(key: str) -> dict[str, str]:
        return {"json_attributes_topic": topics.details(key)}

    total = {"state_class": "measurement"}
    own = {"entity_category": "diagnostic"}
    return {
        "device": {
            "identifiers": [f"gym_mirror_{mirror.hex}"],
            "name": name,
            "manufacturer": "Gym mirror",
            "model": "Gym mirror kiosk",
            "sw_version": version,
        },
        "origin": {"name": "gym-mirror-kiosk", "sw_version": version},
        "availability_topic": topics.availability,
        "payload_available": ONLINE,
        "payload_not_available": OFFLINE,
        "qos": 1,
        "components": {
            "state": entity(
                "state", "State", device_class="enum", options=list(STATES), icon="mdi:mirror"
            ),
            "reps_today": entity(
                "reps_today", "Reps today", unit_of_measurement="reps", icon="mdi:counter", **total
            ),
            "sets_today": entity(
                "sets_today", "Sets today", unit_of_measurement="sets", icon="mdi:dumbbell", **total
            ),
            "last_set": entity(
                "last_set", "Last set", device_class="timestamp", **details("last_set")
            ),
            "faults": entity(
                "faults",
                "Faults",
                "binary_sensor",
                device_class="problem",
                payload_on=ON,
                payload_off=OFF,
                **details("faults"),
                **own,
            ),
            "temperature": entity(
                "temperature",
                "Temperature",
                device_class="temperature",
                unit_of_measurement="°C",
                **total,
                **own,
            ),
            "version": entity("version", "Version", icon="mdi:tag", **own),
        },
    }
