"""The rules that are no equations: one small test each, chosen by name in a rule."""

from __future__ import annotations

from xltool.checking.predicates.amounts import not_negative, number_as_number
from xltool.checking.predicates.codes import codes_valid
from xltool.checking.predicates.indicators import indicator_direction
from xltool.checking.predicates.names import one_name, same_text
from xltool.checking.predicates.rates import growth_rate, percent_as_number, percent_range, plan_to_full, ratio
from xltool.checking.predicates.records import Predicate
from xltool.checking.predicates.subjects import names_subjects, running_subjects
from xltool.checking.predicates.tables import empty_assets, empty_table_note, required_total
from xltool.checking.predicates.units import dependent_units, distinct_units

PREDICATES: dict[str, Predicate] = {
    "not_negative": not_negative,
    "number_as_number": number_as_number,
    "empty_table_note": empty_table_note,
    "codes_valid": codes_valid,
    "running_subjects": running_subjects,
    "names_subjects": names_subjects,
    "distinct_units": distinct_units,
    "dependent_units": dependent_units,
    "one_name": one_name,
    "required_total": required_total,
    "growth_rate": growth_rate,
    "ratio": ratio,
    "percent_as_number": percent_as_number,
    "percent_range": percent_range,
    "plan_to_full": plan_to_full,
    "indicator_direction": indicator_direction,
    "same_text": same_text,
    "empty_assets": empty_assets,
}
"""By the name that rules use; `blank_total` and `rounding_proved` are judged with the equations."""
