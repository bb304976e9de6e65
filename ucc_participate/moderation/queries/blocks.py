"""Who is kept from contributing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...kernel.errors import NotFound
from ...processes.models import Process
from ..models import Block


def block_of(session: Session, process: Process, account_id: int | None, *, now: datetime) -> Block | None:
    """The block that keeps this account from contributing now, the one that ends last."""
    if account_id is None:
        return None
    query = select(Block).where(
        Block.account_id == account_id,
        Block.process_id == process.id,
        Block.ended_at.is_(None),
        Block.at <= now,
        Block.until > now,
    )
    return session.scalar(query.order_by(Block.until.desc()).limit(1))


def list_blocks(session: Session, process: Process, *, limit: int = 200) -> list[tuple[Block, Account | None]]:
    """Blocks of a process, newest first, each with the account."""
    query = select(Block, Account).join(Account, Account.id == Block.account_id, isouter=True)
    rows = session.execute(query.where(Block.process_id == process.id).order_by(Block.id.desc()).limit(limit))
    return [(block, account) for block, account in rows]


def get_block(session: Session, process: Process, public_id: str) -> Block:
    """Raises NotFound."""
    return _one(session, process, public_id, select(Block))


def block_to_change(session: Session, process: Process, public_id: str) -> Block:
    """As get_block, locked until the unit of work ends."""
    return _one(session, process, public_id, select(Block).with_for_update())


def _one(session: Session, process: Process, public_id: str, query: Select[Block]) -> Block:
    found = session.scalar(query.where(Block.public_id == public_id, Block.process_id == process.id))
    if found is None:
        raise NotFound()
    return found


def blocks_of(session: Session, account: Account) -> list[Block]:
    """Every block that an account ever had, newest first, with its process; locked inside an operation."""
    query = select(Block).where(Block.account_id == account.id).options(joinedload(Block.process))
    return list(session.scalars(query.order_by(Block.id.desc())))
