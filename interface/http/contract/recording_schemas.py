"""Schemas of what is answered to a post, of problems, and of what the interface says of itself (contract.md 1)."""

from __future__ import annotations

from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, OneOfShapes, named, optional
from interface.http.contract.proof_schemas import InclusionSchema
from interface.http.responses.problems import KINDS


class FaultSchema(AnswerSchema):
    """One thing that is wrong, and where."""

    pointer = a.text("A JSON pointer into the event, or the name of a parameter or header.")
    detail = a.text()


class ProblemSchema(AnswerSchema):
    """A problem document (RFC 9457)."""

    type = a.one_of([f"/problems/{reason}" for reason in KINDS])
    title = a.text()
    status = a.count()
    detail = optional(a.text())
    instance = a.text("It ends in the Correlation-Id of the answer.")
    errors = optional(a.listed(FaultSchema))


class ReceiptSchema(AnswerSchema):
    """The receipt of an event."""

    id = a.text()
    source = a.text()
    subject = a.subject()
    status = a.one_of(("recorded", "duplicate", "would_record"))
    position = optional(a.position())
    version = optional(a.count())
    recorded_at = optional(a.instant())
    leaf_hash = optional(a.leaf_hash())
    proof = optional(a.text("The route of the proof."))
    inclusion = optional(a.nested(InclusionSchema))


class OutcomeSchema(AnswerSchema):
    """The outcome of one event of a batch."""

    status = a.one_of(("recorded", "duplicate", "refused", "would_record"))
    receipt = optional(a.nested(ReceiptSchema))
    problem = optional(a.nested(ProblemSchema))


class OutcomesSchema(AnswerSchema):
    """The outcomes of the events of a batch, in the order sent."""

    outcomes = a.listed(OutcomeSchema)
    recorded = a.count()
    duplicate = a.count()
    refused = a.count()
    would_record = optional(a.count())


class AtomicProblemSchema(ProblemSchema, OutcomesSchema):
    """The problem of an atomic batch, with the outcome of each event."""


POSTED = OneOfShapes("Posted", a.nested(ReceiptSchema), a.nested(OutcomesSchema))
"""The answer to a post: a receipt of one event, outcomes of a batch."""


class SchemaSchema(AnswerSchema):
    """A JSON Schema (2020-12)."""

    dialect = named("$schema", a.text())
    id = named("$id", a.text())
    title = a.text()
    description = a.text()
    type = a.text()
    properties = a.anything()
    required = a.listed(a.text())
    definitions = named("$defs", a.anything())
    refused = named("not", a.anything())
    if_ = named("if", a.anything())
    then = a.anything()
    else_ = named("else", a.anything())


class TypeSchema(AnswerSchema):
    """An event type, and the route of its schema."""

    type = a.text()
    schema = a.text()


class TypesSchema(AnswerSchema):
    """All event types."""

    types = a.listed(TypeSchema)


class StatusSchema(AnswerSchema):
    """The state of the process: alive, or ready."""

    status = a.one_of(("alive", "ready"))


class OpenAPISchema(AnswerSchema):
    """An OpenAPI document."""

    openapi = a.text()
    info = a.anything()
    dialect = named("jsonSchemaDialect", a.text())
    servers = a.listed(a.anything())
    tags = a.listed(a.anything())
    paths = a.anything()
    components = a.anything()
