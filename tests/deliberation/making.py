"""A proposal under discussion, and what people do there, through the domain's own operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask

from tests.accounts.making import sign_in
from tests.proposals.making import person
from ucc_participate.accounts.models import Account
from ucc_participate.deliberation import operations, queries
from ucc_participate.deliberation.models import Comment, Guest, Said, Stance, Thread
from ucc_participate.deliberation.subjects import Topic
from ucc_participate.deliberation.telling import Addresses
from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.kernel.identity import Actor
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_in_brief
from ucc_participate.proposals.discussing import KIND
from ucc_participate.proposals.models import Proposal

REASON = "The looms stand still in the evening, and young people ask for them."
ADDRESSES = Addresses(comment="http://city.example/c", subject="http://city.example/s")


@dataclass
class Hall:
    """``people`` by name: account and actor, made when they first speak."""

    app: Flask
    perform: Any
    read: Any
    clock: FrozenClock
    process: Process
    proposal: Proposal
    author_account: Account
    author: Actor
    people: dict[str, tuple[Account, Actor]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/p/{self.process.public_id}/discussion/{self.proposal.ref}"

    def person(self, name: str) -> Actor:
        if name not in self.people:
            self.people[name] = person(self.perform, name, now=self.clock.now())
        return self.people[name][1]

    def browser(self, name: str) -> Any:
        self.person(name)
        return sign_in(self.app, self.people[name][0], now=self.clock.now())

    def topic(self, session: Any, actor: Actor) -> Topic:
        found = KIND.load(session, self.proposal.ref, actor, self.clock.now())
        assert found is not None
        return found

    def say(
        self,
        who: Actor | str = "Sara",
        text: str = REASON,
        stance: Stance | None = Stance.FOR,
        *,
        key: str | None = None,
        addresses: Addresses | None = None,
        **said: Any,
    ) -> Comment:
        actor, now = self._actor(who), self.clock.now()
        words = Said(text=text, stance=stance, language="en", **said)
        made: Comment = self.perform(
            lambda s: operations.post_comment(
                s, self.topic(s, actor), words, actor=actor, now=now, key=key, addresses=addresses
            )
        )
        return made

    def reply(
        self,
        parent: Comment,
        who: Actor | str = "Reza",
        text: str = "Who would keep the keys in the evening?",
        *,
        addresses: Addresses | None = None,
        **said: Any,
    ) -> Comment:
        actor, now = self._actor(who), self.clock.now()
        words = Said(text=text, language="en", **said)

        def work(session: Any) -> Comment:
            found = self._locked(session, parent, actor)
            topic = self.topic(session, actor)
            return operations.reply_to_comment(session, topic, found, words, actor=actor, now=now, addresses=addresses)

        made: Comment = self.perform(work)
        return made

    def change(self, comment: Comment, operation: Any, *args: Any, who: Actor | str = "Sara", **facts: Any) -> Any:
        actor, now = self._actor(who), self.clock.now()
        return self.perform(
            lambda s: operation(s, self._locked(s, comment, actor), *args, actor=actor, now=now, **facts)
        )

    def edit(self, comment: Comment, text: str, who: Actor | str = "Sara") -> None:
        self.change(comment, operations.edit_comment, text, who=who, minutes=15)

    def thread(self) -> Thread:
        found: Thread = self.read(lambda s: queries.thread_of(s, self.proposal.ref))
        return found

    def again(self, comment: Comment) -> Comment:
        """The comment as it is now."""
        found: Comment = self.read(lambda s: s.get(Comment, comment.id))
        return found

    def invite(self, coordinator: Actor, *, email: str = "lea@lyon.example", days: float = 20) -> tuple[Guest, str]:
        """A guest from Lyon and the token of the link."""
        tokens: list[str] = []
        now = self.clock.now()

        def address(token: str) -> str:
            tokens.append(token)
            return f"http://city.example/guest/{token}"

        def work(session: Any) -> Guest:
            process = process_in_brief(session, self.process.public_id, actor=coordinator)
            return operations.invite_guest(
                session,
                process,
                name="Léa Martin",
                email=email,
                city="Lyon",
                country="France",
                locale="fr",
                until=now + timedelta(days=days),
                address=address,
                actor=coordinator,
                now=now,
            )

        return self.perform(work), tokens[0]

    def come(self, token: str) -> Account:
        now = self.clock.now()
        visitor = Actor("visitor")
        made: Account = self.perform(
            lambda s: operations.come_as_guest(s, token, terms_version="1", actor=visitor, now=now)
        )
        return made

    def _actor(self, who: Actor | str) -> Actor:
        return self.person(who) if isinstance(who, str) else who

    def _locked(self, session: Any, comment: Comment, actor: Actor) -> Comment:
        return queries.comment_to_change(
            session, self.process.public_id, comment.public_id, actor=actor, now=self.clock.now()
        )
