"""UNESCO Creative Cities vocabularies as versioned data: ids that are stored, labels that are shown.

Sources: the Network's Mission Statement and the 2013 handbook (objectives), the National Commission's guidelines
(areas of action); the eighth creative field, architecture, since the 2025 cycle.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Sector(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    CIVIL_SOCIETY = "civil_society"


class CreativeField(StrEnum):
    CRAFTS = "crafts"
    DESIGN = "design"
    FILM = "film"
    GASTRONOMY = "gastronomy"
    LITERATURE = "literature"
    MEDIA_ARTS = "media_arts"
    MUSIC = "music"
    ARCHITECTURE = "architecture"


class Dimension(StrEnum):
    ECONOMIC = "economic"
    CULTURAL = "cultural"
    SOCIAL = "social"
    ENVIRONMENTAL = "environmental"


Labels = dict[str, Any]

SECTORS: Labels = {
    "public": _l("Public sector"),
    "private": _l("Private sector"),
    "civil_society": _l("Civil society"),
}
SUBTYPES: dict[str, Labels] = {
    "public": {
        "municipality": _l("Municipal body"),
        "government_office": _l("Government office"),
        "university": _l("Public university or school"),
        "museum_library": _l("Public museum, library or archive"),
        "public_other": _l("Another public body"),
    },
    "private": {
        "company": _l("Company"),
        "workshop": _l("Workshop or studio"),
        "cooperative": _l("Cooperative"),
        "guild_chamber": _l("Guild or chamber"),
        "private_school": _l("Private school or academy"),
        "private_other": _l("Another private body"),
    },
    "civil_society": {
        "association": _l("Association"),
        "ngo": _l("Non-governmental organisation"),
        "community_group": _l("Neighbourhood or community group"),
        "foundation": _l("Foundation or charity"),
        "professional_body": _l("Professional body"),
        "civil_other": _l("Another civil-society body"),
    },
}
CREATIVE_FIELDS: Labels = {
    "crafts": _l("Crafts and folk art"),
    "design": _l("Design"),
    "film": _l("Film"),
    "gastronomy": _l("Gastronomy"),
    "literature": _l("Literature"),
    "media_arts": _l("Media arts"),
    "music": _l("Music"),
    "architecture": _l("Architecture"),
}
OBJECTIVES: Labels = {
    "OBJ-1": _l("Stronger creation, production, distribution and enjoyment of culture in the city"),
    "OBJ-2": _l("Creativity and expression of vulnerable groups, women and youth above all"),
    "OBJ-3": _l("Wider access to cultural life and participation in it"),
    "OBJ-4": _l("Cultural and creative industries in the city's development plans"),
}
AREAS: Labels = {
    "AREA-1": _l("Pilot projects"),
    "AREA-2": _l("Good practices"),
    "AREA-3": _l("Studies"),
    "AREA-4": _l("Meetings, online and in person"),
    "AREA-5": _l("Cooperation programmes"),
    "AREA-6": _l("Training and capacity building"),
    "AREA-7": _l("Policies and plans"),
}
OBJECTIVES_NOW: Labels = {
    "M1": _l("Cooperation between cities that build on creativity"),
    "M2": _l("Initiatives carried by public, private and civil society together"),
    "M3": _l("Creation, production, distribution and spreading of culture"),
    "M4": _l("Places of creativity and innovation, chances for creators"),
    "M5": _l("Access to cultural life, for marginalised or vulnerable people above all"),
    "M6": _l("Culture and creativity in the plans of the city"),
}
"""Today's Mission Statement, in short words of our own (S31)."""
OBJECTIVES_FROM: dict[str, tuple[str, ...]] = {"M3": ("OBJ-1",), "M5": ("OBJ-2", "OBJ-3"), "M6": ("OBJ-4",)}
"""Objectives of 2013 that today's contain; M1 and M2 were rules then and not objectives, M4 is new."""
AREAS_NOW: Labels = {
    "a": _l("Sharing experience, knowledge and good practices"),
    "b": _l("Pilot projects and partnerships of all sectors"),
    "c": _l("Exchange of professionals and artists"),
    "d": _l("Studies, research and evaluation"),
    "e": _l("Policies and measures for the city’s development"),
    "f": _l("Communication and awareness"),
}
"""Areas of action now (S34)."""
AREAS_FROM: dict[str, tuple[str, ...]] = {
    "a": ("AREA-2",), "b": ("AREA-1",), "c": ("AREA-5", "AREA-6"), "d": ("AREA-3",), "e": ("AREA-7",),
}  # fmt: skip
"""Areas of 2013 that today's contain; meetings have none of their own any more, communication is new."""
DIMENSIONS: Labels = {
    "economic": _l("Economic"),
    "cultural": _l("Cultural"),
    "social": _l("Social"),
    "environmental": _l("Environmental"),
}
BENEFICIARIES: Labels = {
    "women": _l("Women"),
    "youth": _l("Young people under 30"),
    "children": _l("Children"),
    "elders": _l("Older people"),
    "disabilities": _l("People with disabilities"),
    "minorities": _l("Ethnic and linguistic communities"),
    "migrants": _l("Migrants and displaced people"),
    "artists": _l("Artists and craftspeople"),
    "everybody": _l("Everybody"),
}
