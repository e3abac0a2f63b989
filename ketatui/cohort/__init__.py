"""One pack over a table of patients: the rules as column expressions, run where the table is.

The pack is lowered once (`lowering`, `judging`) into expressions over columns (`expressions`) that
know no engine; an emitter writes them for one (`duckdb_sql`, `polars_frames`). Nothing here is part
of the app, and the engines are extras.
"""
