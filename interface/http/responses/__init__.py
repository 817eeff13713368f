"""Responses: bodies, problem documents and receipts."""
