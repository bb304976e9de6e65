"""Reading people, money and bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ..documents.queries import documents_by_subject
from ..kernel.errors import NotFound
from ..processes.models import Invitation, Process
from ..stakeholders.models import Organisation
from .models import Body, BodyMember, Resource, ResourceKind

CHUNK = 500
Row = TypeVar("Row")


def resources_of(session: Session, process: Process, *, with_void: bool = False) -> list[Resource]:
    """People and money of a process by year, money first, in the order they were written down; ``process`` loaded.

    ``with_void``: also what does not count any more.
    """
    query = select(Resource).where(Resource.process_id == process.id).options(joinedload(Resource.process))
    if not with_void:
        query = query.where(Resource.is_void.is_(False))
    found = session.scalars(query.order_by(Resource.year, Resource.id))
    return sorted(found, key=lambda resource: (resource.kind is ResourceKind.PEOPLE, resource.year))


def bodies_of(session: Session, process: Process, *, with_ended: bool = False) -> list[Body]:
    """The bodies that manage the plan, in the order they were set up, with members and their organisations.

    ``body.sitting`` are the present members, ``body.sectors`` counts them. ``with_ended``: also those that ended.
    """
    query = _bodies().where(Body.process_id == process.id)
    if not with_ended:
        query = query.where(Body.until.is_(None))
    return list(session.scalars(query.order_by(Body.id)))


def get_resource(session: Session, process: Process, public_id: str) -> Resource:
    """With its process. Raises NotFound."""
    return _found(session.scalar(_resource(process, public_id)))


def resource_to_change(session: Session, process: Process, public_id: str) -> Resource:
    """As get_resource, locked until the unit of work ends."""
    return _found(session.scalar(_resource(process, public_id).with_for_update(of=Resource)))


def get_body(session: Session, process: Process, public_id: str) -> Body:
    """With its process and members. Raises NotFound."""
    return _found(session.scalar(_body(process, public_id)))


def body_to_change(session: Session, process: Process, public_id: str) -> Body:
    """As get_body, locked until the unit of work ends."""
    return _found(session.scalar(_body(process, public_id).with_for_update(of=Body)))


def seats_offered(session: Session, process: Process) -> list[Organisation]:
    """Organisations that were invited to the process: whom a seat may be given to, by alphabet."""
    invited = select(Invitation.organisation_id).where(Invitation.process_id == process.id)
    query = select(Organisation).where(Organisation.id.in_(invited), Organisation.merged_into_id.is_(None))
    return list(session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def live_resources(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every line with its files, for the drift check."""
    rows = session.scalars(select(Resource).execution_options(yield_per=CHUNK))
    for chunk in rows.partitions(CHUNK):
        files = documents_by_subject(session, [resource.ref for resource in chunk])
        for resource in chunk:
            proof = [document.public_payload() for document in files[resource.ref]]
            yield resource.ref, resource.public_payload() | {"evidence": proof}


def live_bodies(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body, for the drift check."""
    for body in session.scalars(_bodies()):
        yield body.ref, body.public_payload()


def _resource(process: Process, public_id: str) -> Select[Resource]:
    query = select(Resource).where(Resource.public_id == public_id, Resource.process_id == process.id)
    return query.options(joinedload(Resource.process))


def _body(process: Process, public_id: str) -> Select[Body]:
    return _bodies().where(Body.public_id == public_id, Body.process_id == process.id)


def _bodies() -> Select[Body]:
    members = selectinload(Body.members).joinedload(BodyMember.organisation)
    return select(Body).options(joinedload(Body.process), members)


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound()
    return row
