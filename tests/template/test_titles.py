"""How messages name a table."""

from __future__ import annotations

import pytest

from tests.budgets import BUDGETS, template


@pytest.mark.parametrize("name", BUDGETS)
def test_a_table_is_named_without_what_is_filled_in_before_its_title(name: str) -> None:
    assert [table.name for table in template(name).tables.values() if table.name.startswith(("、", "{"))] == []
