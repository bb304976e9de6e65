"""Quiet hours: from an hour of the evening to one of the morning nobody is reminded of anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the day in ``zone``. They may run over midnight; two equal hours mean that there are none."""

    begins: int
    ends: int
    zone: tzinfo

    def covers(self, moment: datetime) -> bool:
        hour = moment.astimezone(self.zone).hour
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends

    def next_moment(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours in which it falls, in UTC."""
        if not self.covers(moment):
            return moment
        local = moment.astimezone(self.zone)
        end = local.replace(hour=self.ends, minute=0, second=0, microsecond=0)
        if end <= local:
            end += timedelta(days=1)
        return end.astimezone(timezone.utc)
