"""Articles that an operator took off what is published, inside an open transaction.

They are kept and read on as before; only what is shown to the public leaves them out.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from pipeline.store import mentions, stories
from pipeline.store.schema import article, withheld
from pipeline.store.values import Withheld


def is_public() -> ColumnElement[bool]:
    """Whether the article of a query may be shown."""
    return article.c.id.not_in(select(withheld.c.article_id))


def is_withheld(connection: Connection, article_id: str) -> bool:
    """Whether an article is taken off."""
    query = select(withheld.c.article_id).where(withheld.c.article_id == article_id)
    return connection.execute(query).first() is not None


def withhold(connection: Connection, article_id: str, reason: str, at: datetime) -> bool:
    """Take an article off; False where it is unknown or was taken off before."""
    is_known = connection.execute(select(article.c.id).where(article.c.id == article_id)).first()
    if is_known is None or is_withheld(connection, article_id):
        return False
    row = {"article_id": article_id, "reason": reason, "at": at}
    connection.execute(insert(withheld).values(row))
    mentions.set_live(connection, article_id, live=False)
    stories.rank(connection, article_id)
    return True


def release(connection: Connection, article_id: str) -> bool:
    """Show an article again; False where it was not taken off."""
    gone = connection.execute(delete(withheld).where(withheld.c.article_id == article_id))
    if not gone.rowcount:
        return False
    state = connection.scalar(select(article.c.state).where(article.c.id == article_id))
    mentions.set_live(connection, article_id, live=state == "live")
    stories.rank(connection, article_id)
    return True


def all_withheld(connection: Connection) -> tuple[Withheld, ...]:
    """What is taken off, by identifier."""
    rows = connection.execute(select(withheld).order_by(withheld.c.article_id))
    return tuple(Withheld(article_id=x.article_id, reason=x.reason, at=x.at) for x in rows)
