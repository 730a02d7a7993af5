"""The records of a county's store as JSON, and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ledger12315.facts.manifest import Manifest
from ledger12315.rules.county import CountyForm
from ledger12315.rules.hand_ins import Cells, FactsTaken, HandIn, StationReturn
from ledger12315.rules.measures import MEASURES, Figures, with_totals, without_zeros
from ledger12315.rules.periods import Period
from ledger12315.rules.reported import NO_STAMP, Stamp

Json = Mapping[str, Any]


def return_document(sent: StationReturn) -> dict[str, Any]:
    """Return a station's return for the store."""
    return {
        "station": sent.station,
        "key": sent.key,
        "county": sent.county,
        "period": _period_document(sent.period),
        "last": sent.last.isoformat(),
        "figures": without_zeros(sent.figures),
        "stamp": _stamp_document(sent.stamp or NO_STAMP),
        "schema": sent.schema,
        "settings": {**sent.settings},
        "corrections": {code: cells_document(cells) for code, cells in sent.corrections.items()},
        "provisional": sent.provisional,
    }


def hand_in_of(
    loaded: date,
    sha256: str,
    document: Json,
    facts: Iterable[tuple[int, date, Json]],
    points: Sequence[Json] | None,
) -> HandIn:
    """Return a hand-in from the store; each of its facts is a number, a day and a document."""
    figures = figures_of(document["figures"])
    sent = StationReturn(
        "",
        document["station"],
        Period.stored(document["period"]),
        date.fromisoformat(document["last"]),
        figures,
        _stamp_of(document["stamp"]),
        document["county"],
        document["schema"],
        document["settings"],
        {code: cells_from_json(cells) for code, cells in document["corrections"].items()},
        document["key"],
        document["provisional"],
    )
    listed = None if points is None else tuple(points)
    return HandIn(
        sent, sha256, loaded, tuple(_taken_facts(*each, figures) for each in facts), listed
    )


def facts_document(manifest: Manifest, mark: str) -> dict[str, Any]:
    """Return what the store keeps of facts beside their rows, which have this mark.

    As submitted, their figures are those of the return.
    """
    return {
        "revision": manifest.revision,
        "identity": manifest.identity,
        "moment": manifest.moment.isoformat(),
        "act": manifest.act,
        "last": manifest.days.last.isoformat(),
        "figures": None if manifest.as_submitted else without_zeros(manifest.figures),
        "counted": manifest.counted,
        "mark": mark,
    }


def _taken_facts(number: int, loaded: date, document: Json, submitted: Figures) -> FactsTaken:
    stated = document["figures"]
    return FactsTaken(
        number,
        document["revision"],
        datetime.fromisoformat(document["moment"]),
        document["act"],
        date.fromisoformat(document["last"]),
        submitted if stated is None else figures_of(stated),
        loaded,
        document["identity"],
        document["counted"],
        document["mark"],
    )


def form_document(form: CountyForm) -> dict[str, Any]:
    """Return a county's form for the store."""
    return {
        "period": _period_document(form.period),
        "county": form.county,
        "stamp": _stamp_document(form.stamp),
        "figures": {key: without_zeros(each) for key, each in form.figures.items()},
        "carried": {
            code: {key: cells_document(cells) for key, cells in stations.items()}
            for code, stations in form.carried.items()
        },
        "names": {**form.names},
        "settings": {**form.settings},
        "lists": {**form.lists},
    }


def form_of(sha256: str, document: Json, back: Json | None) -> CountyForm:
    """Return a county's form from the store, and whether it was withdrawn."""
    return CountyForm(
        Period.stored(document["period"]),
        document["county"],
        _stamp_of(document["stamp"]),
        {key: figures_of(each) for key, each in document["figures"].items()},
        {
            code: {key: cells_from_json(cells) for key, cells in stations.items()}
            for code, stations in document["carried"].items()
        },
        document["names"],
        document["settings"],
        sha256,
        date.fromisoformat(back["day"]) if back else None,
        back["reason"] if back else "",
        document["lists"],
    )


def figures_of(kept: Mapping[str, Mapping[str, int]]) -> Figures:
    """Return all figures; their stored form leaves out zeros and totals."""
    return with_totals({key: kept.get(key, {}) for key in MEASURES})


def cells_document(cells: Cells) -> dict[str, dict[str, int]]:
    """Return differences by measure and column."""
    found: dict[str, dict[str, int]] = {}
    for (key, column), difference in cells.items():
        found.setdefault(key, {})[column] = difference
    return found


def cells_from_json(document: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    """Return differences by cell."""
    return {
        (key, column): difference
        for key, row in document.items()
        for column, difference in row.items()
    }


def _period_document(period: Period) -> list[str]:
    return [period.code, period.first.isoformat(), period.last.isoformat(), period.title]


def _stamp_document(stamp: Stamp) -> list[Any]:
    return [stamp.moment.isoformat(), *stamp[1:]]


def _stamp_of(parts: Sequence[Any]) -> Stamp:
    moment, *rest = parts
    return Stamp(datetime.fromisoformat(moment), *rest)
