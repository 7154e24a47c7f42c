"""Full-text index over search tokens: FTS5 on SQLite, a GIN index on PostgreSQL."""

SQLITE = [
    "CREATE VIRTUAL TABLE base_search_fts USING fts5("
    " tokens, content='base_searchentry', content_rowid='id', tokenize='unicode61', prefix='1 2 3')",
    "CREATE TRIGGER base_search_ai AFTER INSERT ON base_searchentry BEGIN"
    " INSERT INTO base_search_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER base_search_ad AFTER DELETE ON base_searchentry BEGIN"
    " INSERT INTO base_search_fts(base_search_fts, rowid, tokens)"
    " VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER base_search_au AFTER UPDATE OF tokens ON base_searchentry BEGIN"
    " INSERT INTO base_search_fts(base_search_fts, rowid, tokens)"
    " VALUES ('delete', old.id, old.tokens);"
    " INSERT INTO base_search_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
]
POSTGRESQL = [
    "CREATE INDEX base_search_gin ON base_searchentry"
    " USING gin (to_tsvector('simple', tokens))",
]
BACK = {
    "sqlite": [
        "DROP TRIGGER base_search_ai",
        "DROP TRIGGER base_search_ad",
        "DROP TRIGGER base_search_au",
        "DROP TABLE base_search_fts",
    ],
    "postgresql": ["DROP INDEX base_search_gin"],
}


def forward(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def back(apps, schema_editor):
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
