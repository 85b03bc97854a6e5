"""Errors and their fixes."""

import copy
import dataclasses
import pickle

import pytest

import freeplay_filter
from freeplay_filter import Diagnostic, Edit, Fix, Label, QueryError, Span


def error_of(query: str) -> QueryError:
    with pytest.raises(QueryError) as raised:
        freeplay_filter.compile(query)
    return raised.value


def test_an_error_is_data() -> None:
    error = error_of("modle = gpt-4o")
    assert error.text == "modle = gpt-4o"
    assert error.diagnostics == (
        Diagnostic(
            code="unknown-field",
            severity="error",
            message="unknown field `modle`",
            span=Span(0, 5),
            pointer=None,
            labels=(),
            help=None,
            candidates=("model",),
            fixes=(Fix("did you mean `model`?", "machine-applicable", (Edit(Span(0, 5), "model"),)),),
        ),
    )
    assert error.diagnostics[0].fixes[0].apply(error.text) == "model = gpt-4o"


def test_an_error_is_a_value_error_that_draws_itself() -> None:
    error = error_of("modle = gpt-4o")
    assert isinstance(error, ValueError)
    assert str(error) == (
        "error[unknown-field]: unknown field `modle`\n"
        "  |\n"
        "1 | modle = gpt-4o\n"
        "  | ^^^^^\n"
        "  |\n"
        "help: did you mean `model`?\n"
        "  |\n"
        "1 - modle = gpt-4o\n"
        "1 + model = gpt-4o\n"
        "  |"
    )
    assert type(error).__module__ == "freeplay_filter"


@pytest.mark.parametrize("before", ["", "é", "🚀", "é🚀é", "e\u0301", "日本\n語"])
def test_positions_are_in_code_points(before: str) -> None:
    query = f'env = "{before}" and modle = "{before}" and cost => 1'
    field, operator = error_of(query).diagnostics
    assert field.span and field.span.of(query) == "modle"
    assert operator.span and operator.span.of(query) == "=>"
    assert field.fixes[0].apply(query) == query.replace("modle", "model")
    assert operator.fixes[0].apply(query) == query.replace("=>", ">=")


def test_labels_are_in_code_points() -> None:
    query = 'env = "🚀" and model = a and model = a'
    [warning] = freeplay_filter.compile(query).warnings
    assert warning.code == "duplicate-clause"
    [label] = warning.labels
    assert isinstance(label, Label)
    assert label.span.of(query) == "model = a"
    assert warning.span and label.span.end < warning.span.start


def test_several_edits_are_made_at_once() -> None:
    query = 'env = "🚀" or model = a and cost > 1'
    [warning] = freeplay_filter.compile(query).warnings
    assert warning.code == "mixed-and-or"
    assert warning.fixes[0].apply(query) == 'env = "🚀" or (model = a and cost > 1)'


def test_a_filter_has_pointers() -> None:
    filter = {"and": [{}, {"field": "cost", "op": "neq", "value": 1}]}
    with pytest.raises(QueryError) as raised:
        freeplay_filter.to_query(filter)
    [found] = raised.value.diagnostics
    assert (found.span, found.pointer) == (None, "/and/1/op")
    assert "`/and/1/op`" in str(raised.value)


def test_everything_is_frozen_and_hashable() -> None:
    [found] = error_of("modle = gpt-4o").diagnostics
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.code = "x"  # type: ignore[misc]
    assert len({found, copy.deepcopy(found)}) == 1


def test_an_error_crosses_processes() -> None:
    error = error_of("modle = gpt-4o")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is QueryError
    assert (str(again), again.text, again.diagnostics) == (str(error), error.text, error.diagnostics)


@pytest.mark.parametrize("text", ["\ud800", 'model = "\udfff"', "é🚀\ud83d"])
def test_lone_surrogates_are_rejected(text: str) -> None:
    for function in [
        freeplay_filter.compile,
        freeplay_filter.format,
        freeplay_filter.explain,
        freeplay_filter.to_query,
        freeplay_filter.highlight,
        freeplay_filter.complete,
        freeplay_filter.quote,
    ]:
        with pytest.raises(UnicodeEncodeError, match="surrogates not allowed"):
            function(text)  # type: ignore[operator]
