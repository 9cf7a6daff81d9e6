"""What is asked of the store about articles and captures: the part of `Store` that changes nothing."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from pipeline.records import Article, CaptureRef
from pipeline.revisions import Known
from pipeline.store import articles, captures, mentions, reading, rules, search, withholding
from pipeline.store.transactions import Transactions
from pipeline.store.values import (
    DayCount,
    Entry,
    Head,
    Hit,
    Revision,
    StoredCapture,
    StoredValidators,
    Subject,
    SubjectKind,
    Withheld,
)


class Reader:
    """Articles, revisions, subjects and captures. Each method sees one state of the store."""

    def __init__(self, transactions: Transactions) -> None:
        self._do = transactions

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """What is known of articles; unknown ones are left out."""
        with self._do.reading() as c:
            return articles.known(c, ids)

    def read_from(self, captures: Iterable[int]) -> dict[int, frozenset[str]]:
        """The articles that stand on each of the captures; a list may hold many."""
        with self._do.reading() as c:
            return articles.read_from(c, captures)

    def entries(
        self,
        *,
        source: str | None = None,
        column: str | None = None,
        meetings_only: bool = False,
        limit: int = 50,
        since: datetime | None = None,
        subject: tuple[str, str] | None = None,
        copies: bool = True,
    ) -> tuple[Entry, ...]:
        """Articles as they stand, newest publication first, published at or after *since*.

        An article stands in the column it was read from and in those that listed it.
        *subject* is the kind and the key of one that they have to name. Without *copies*
        a story that several publishers have stands there once, as the first one told it.
        """
        wanted = reading.Wanted(
            source=source,
            column=column,
            meetings_only=meetings_only,
            limit=limit,
            since=since,
            subject=subject,
            copies=copies,
        )
        with self._do.reading() as c:
            return reading.entries(c, wanted)

    def heads(
        self,
        *,
        source: str | None = None,
        column: str | None = None,
        meetings_only: bool = False,
        limit: int = 50,
        subject: tuple[str, str] | None = None,
        copies: bool = True,
    ) -> tuple[Head, ...]:
        """What `entries` would give, in the same order, without the records."""
        wanted = reading.Wanted(
            source=source,
            column=column,
            meetings_only=meetings_only,
            limit=limit,
            subject=subject,
            copies=copies,
        )
        with self._do.reading() as c:
            return reading.heads(c, wanted)

    def entries_of(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Articles as they stand, by identifier; unknown ones are left out."""
        with self._do.reading() as c:
            return reading.entries_of(c, ids)

    def subjects(self, kind: SubjectKind, *, minimum: int = 1) -> tuple[Subject, ...]:
        """Persons, topics or bodies named by *minimum* live articles, those of most articles first."""
        with self._do.reading() as c:
            return mentions.subjects(c, kind, minimum)

    def subjects_of(self, article_id: str) -> tuple[Subject, ...]:
        """Whom and what an article is about, by kind and key."""
        with self._do.reading() as c:
            return mentions.subjects_of(c, article_id)

    def newest(self, *, limit: int = 1000) -> tuple[tuple[str, datetime], ...]:
        """Identifier and last change of articles, newest publication first."""
        with self._do.reading() as c:
            return reading.newest(c, limit)

    def days(self, source: str, *, since: date) -> tuple[DayCount, ...]:
        """What a source published from a day on, day by day; days without anything are left out."""
        with self._do.reading() as c:
            return reading.days(c, source, since).get(source, ())

    def days_by_source(self, *, since: date) -> dict[str, tuple[DayCount, ...]]:
        """The same of every source that published something since."""
        with self._do.reading() as c:
            return reading.days(c, None, since)

    def walk(
        self,
        after_id: str = "",
        *,
        limit: int = 200,
        sources: Collection[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        meetings_only: bool = False,
    ) -> tuple[Entry, ...]:
        """Articles as they stand, in the order of their identifiers, those above *after_id*.

        For going through all of them piece by piece: go on with the last one's identifier.
        *since* and *until* are days of publication, both included.
        """
        with self._do.reading() as c:
            return reading.walk(
                c,
                after_id=after_id,
                limit=limit,
                sources=sources,
                since=since,
                until=until,
                meetings_only=meetings_only,
            )

    def entry(self, article_id: str) -> Entry | None:
        """An article as it stands, with the times we learned of it."""
        with self._do.reading() as c:
            return reading.entry(c, article_id)

    def withheld(self) -> tuple[Withheld, ...]:
        """The articles that the operator took off what is published, by identifier."""
        with self._do.reading() as c:
            return withholding.all_withheld(c)

    def article(self, article_id: str) -> Article | None:
        """The newest record of an article."""
        found = self.entry(article_id)
        return found.article if found else None

    def history(self, article_id: str) -> tuple[Revision, ...]:
        """All revisions of an article, oldest first; empty for an unknown one."""
        with self._do.reading() as c:
            return reading.revisions(c, article_id=article_id)

    def log(
        self,
        after_seq: int = 0,
        limit: int = 200,
        *,
        kinds: Sequence[str] = (),
        sources: Collection[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        subject: tuple[str, str] | None = None,
    ) -> tuple[Revision, ...]:
        """Revisions of all articles after a number, in the order in which we learned of them.

        What was read up to some number never changes and nothing is put in
        before it later. *since* and *until* are days in China on which they were
        seen, both included; *subject* is kind and key of one that the articles name now.
        """
        with self._do.reading() as c:
            return reading.revisions(
                c,
                after_seq=after_seq,
                kinds=kinds,
                limit=limit,
                sources=sources,
                since=since,
                until=until,
                about=subject,
            )

    def acts(
        self, after_seq: int, *, kinds: Sequence[str], subject: tuple[str, str]
    ) -> tuple[tuple[int, str], ...]:
        """Number and kind of all that `log` would give, without the records."""
        with self._do.reading() as c:
            return reading.acts(c, after_seq=after_seq, kinds=kinds, about=subject)

    def log_at(self, numbers: Sequence[int]) -> tuple[Revision, ...]:
        """The revisions with these numbers, in the order of the log."""
        found: list[Revision] = []
        with self._do.reading() as c:
            for start in range(0, len(numbers), 500):
                some = sorted(numbers)[start : start + 500]
                found += reading.revisions(c, numbers=some)
        return tuple(found)

    def search(
        self,
        query: str,
        *,
        sources: Collection[str] | None = None,
        kind: str | None = None,
        body: str | None = None,
        person: str | None = None,
        topic: str | None = None,
        place: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int = 20,
        offset: int = 0,
        by_date: bool = False,
    ) -> tuple[Hit, ...]:
        """Articles that contain all words of *query*; more in the title first, then newer ones.

        With *by_date* the newest come first, wherever the words stand.

        Words stand between blanks; script, case, width and punctuation do not
        matter. *kind* is the text's (notice, minutes …), *body* that of a
        meeting in it, *person* a name among its people and credits, *topic* a key,
        *place* the code of the division where its source lies, *since* and *until* are
        days of publication, both included.
        """
        with self._do.reading() as c:
            if place is not None:
                there = rules.stored(c).sources_in(place)
                sources = there if sources is None else there & set(sources)
            filters = search.Filters(
                sources=sources,
                kind=kind,
                body=body,
                person=person,
                topic=topic,
                since=since,
                until=until,
            )
            return search.search(c, query, filters, limit=limit, offset=offset, by_date=by_date)

    def captures(
        self, *, source: str | None = None, after: int = 0, limit: int = 500
    ) -> tuple[StoredCapture, ...]:
        """Captures numbered above *after*, in order: go on with the last one's number."""
        with self._do.reading() as c:
            return captures.after(c, source=source, after_id=after, limit=limit)

    def capture(self, capture_id: int) -> StoredCapture | None:
        """One capture, None if there is none of that number."""
        with self._do.reading() as c:
            return captures.one(c, capture_id)

    def newest_capture(self, requested_url: str) -> StoredCapture | None:
        """The last capture made for an address, None if there was none."""
        with self._do.reading() as c:
            return captures.newest(c, requested_url)

    def holder_of(self, payload: str) -> CaptureRef | None:
        """Where the archive holds a payload, by its digest; None where it does not."""
        with self._do.reading() as c:
            return captures.holder(c, payload)

    def place_of(self, record_id: str) -> CaptureRef | None:
        """Where the archive holds a record now, by its id; None for an unknown one."""
        with self._do.reading() as c:
            return captures.place(c, record_id)

    def validators(self, url: str) -> StoredValidators | None:
        """What to ask an address with, None if nothing was remembered."""
        with self._do.reading() as c:
            return captures.validators(c, url)
