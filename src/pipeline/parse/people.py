"""An index of the officials whom an article's meetings name."""

from dataclasses import dataclass
from typing import Protocol

from pipeline.parse.names import bare_name, is_name
from pipeline.records import Attendee, Dateline, Meeting, Quote, Span


class HasMeetings(Protocol):
    """What an index is made from: an article, or what parsing gave."""

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings reported."""

    @property
    def dateline(self) -> Dateline | None:
        """The opening words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person whom an article's meetings name, with every place of the name.

    ``name`` is without padding, titles are as written; ``roles`` are of chair, host,
    attending, nonvoting and speaker; ``place`` is the one that the dateline names, else the source's.
    """

    name: str
    titles: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    place: str | None = None
    spans: tuple[Span, ...] = ()


_GROUP_ENDS = (
    "负责人", "负责同志", "代表", "成员", "班子", "领导", "人员", "单位", "部门", "委员", "干部", "群众", "企业", "专家", "局", "院", "办", "会", "员", "长", "政府", "街道", "中心",
)  # fmt: skip


def people_of(article: HasMeetings, *, place: str | None = None) -> tuple[Official, ...]:
    """The officials named in the meetings of *article*, each once, in order of appearance.

    *place* is the source's, for an article whose dateline names none. Groups
    (各镇负责人), bureaus that report and 会议 are no people. Two people of one name
    in one article are one entry.
    """
    line = article.dateline
    place = line.place.value if line and line.place else place
    found: dict[str, Official] = {}

    def add(name: Quote, titles: tuple[Quote, ...], role: str) -> None:
        key = bare_name(name.value)
        old = found.get(key, Official(name=key, place=place))
        words = tuple(bare_name(t.value) for t in titles)
        found[key] = Official(
            name=key,
            titles=old.titles + tuple(t for t in words if t not in old.titles),
            roles=old.roles if role in old.roles else (*old.roles, role),
            place=place,
            spans=old.spans if name.span in old.spans else (*old.spans, name.span),
        )

    for meeting in article.meetings:
        if meeting.chair:
            add(meeting.chair, meeting.chair_titles, "chair")
        if meeting.host:
            add(meeting.host, (), "host")
        for role, group in (("attending", meeting.attending), ("nonvoting", meeting.nonvoting)):
            for x in group:
                if _is_person(x):
                    add(x.name, x.titles, role)
        said = [*(s for x in meeting.agenda for s in x.statements), *meeting.statements]
        for speaker in (*(x.speaker for x in meeting.agenda), *(s.speaker for s in said)):
            if speaker and (bare_name(speaker.value) in found or is_name(speaker.value)):
                add(speaker, (), "speaker")
    return tuple(found.values())


def _is_person(x: Attendee) -> bool:
    name = bare_name(x.name.value)
    if "·" in name:
        return True
    return len(name) <= 4 and (bool(x.titles) or not name.endswith(_GROUP_ENDS))
