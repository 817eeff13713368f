"""Arrays of text go into a binary copy as PostgreSQL would write them itself."""

from __future__ import annotations

import pytest

from application.projections.connection import connect


@pytest.mark.parametrize(
    "values", [[], ["E08000025"], ["b", "a", "b"], ["", "Straße", 'a "quoted", {word}', "null"]]
)
def test_a_list_comes_back_as_it_was(dsn, values) -> None:
    with connect(dsn) as connection:
        connection.execute("create temp table listed (it text[])")
        with (
            connection.cursor() as cursor,
            cursor.copy("copy listed (it) from stdin (format binary)") as copy,
        ):
            copy.set_types(["text[]"])
            copy.write_row((values,))
            copy.write_row((values,))
        assert connection.execute("select it from listed").fetchall() == [(values,), (values,)]
        assert connection.execute("select cardinality(it) from listed limit 1").fetchone() == (len(values),)
