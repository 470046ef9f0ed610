"""The ten questions, as each engine is asked them.

A question gives the rows that are certain and those that are only possible, since dates may be vague. In SQL a column
`certain` (1 or 0) tells them apart; where nothing is vague it is missing and every row is certain.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question in Regesta's words and in SQL."""

    name: str
    regesta: str
    sql: str
    # What of the answer is compared: how many rows, or the one number that is printed.
    kind: str = "rows"


def before(year: int) -> tuple[str, str]:
    """Returns whether it is certain that a treaty was signed before a year, and the condition that it may have been.

    Of `192X` either may be so.
    """
    return f"signed_last < {year}0101 as certain", f"signed_first < {year}0101"


def questions(shape: dict[str, int], person: str) -> list[Question]:
    """Makes the questions for a base with so many records of each relation; `person` has held an office."""
    treaty = f"treaty-{shape['treaties'] // 2}"
    rare = f"polity-{shape['polities'] * 3 // 4}"
    # The first of a chain: what it led to is all the rest.
    event = f"event-{shape['events'] // 2000 * 1000}"
    certain, holds = before(1925)
    of_party = (
        "select t.id, t.name, t.signed, t.kind, "
        "(select group_concat(p.party, '; ') from treaty_party p where p.treaty = t.id) as parties, "
        f"t.{certain} from treaty t where t.{holds} "
        "and t.id in (select treaty from treaty_party where party = '{}') order by t.signed_first, t.id"
    )
    during = "t.signed_first >= h.start_last and t.signed_last <= h.end_first"
    may_be_during = "t.signed_last >= h.start_first and t.signed_first <= h.end_last"
    return [
        Question(
            "a record by its identifier",
            f"treaties where id = {treaty}",
            "select t.id, t.name, t.signed, t.kind, "
            "(select group_concat(p.party, '; ') from treaty_party p where p.treaty = t.id) as parties "
            f"from treaty t where t.id = '{treaty}'",
        ),
        Question(
            "treaties of a rare party before 1925",
            f"treaties where party = {rare} and signed < 1925",
            of_party.format(rare),
        ),
        Question(
            "treaties of the commonest party before 1925",
            "treaties where party = polity-0 and signed < 1925",
            of_party.format("polity-0"),
        ),
        Question(
            "treaties of both of two parties, counted",
            "treaties where party = polity-0 and party = polity-1 count",
            "select count(*) from treaty_party a join treaty_party b on a.treaty = b.treaty "
            "where a.party = 'polity-0' and b.party = 'polity-1'",
            kind="number",
        ),
        Question(
            "treaties counted by kind",
            "treaties count by kind",
            "select kind, count(*) from treaty group by kind",
        ),
        TOP,
        Question(
            "treaties signed during a person's tenures, counted",
            f"treaties where signed during (tenures where person = {person}).period count",
            f"select sum(certain), count(*) - sum(certain) from (select t.id, max({during}) as certain "
            f"from tenure h join treaty t on {may_be_during} where h.person = '{person}' group by t.id)",
            kind="numbers",
        ),
        Question(
            "all that an event led to",
            f"events where caused-by+ = {event} show id, name",
            "with recursive reached(id) as ("
            f"select led_to from event where id = '{event}' and led_to <> '' union "
            "select e.led_to from event e join reached r on e.id = r.id where e.led_to <> '') "
            "select e.id, e.name from event e join reached r on e.id = r.id",
        ),
        Question(
            "persons without tenures, counted",
            "persons where no tenures count",
            "select count(*) from person p where not exists (select 1 from tenure t where t.person = p.id)",
            kind="number",
        ),
        Question(
            "treaties with a substring in their name",
            'treaties where name ~ "of the truce 12" show id, name',
            "select id, name from treaty where name like '%of the truce 12%'",
        ),
    ]


TOP = Question(
    "the ten parties with the most treaties",
    "treaties group by party show party, count() sort by count() desc limit 10",
    "select party, count(*) from treaty_party group by party order by 2 desc limit 10",
)
