"""Accounts, roles, scope, notices, audit pages."""
