"""Asks DataFusion what SQLite was asked. Reads one JSON document from standard input: worlds, each with tables as
columns of values and queries as SQL; writes the answers of each query, one JSON list a line."""

import json
import sys

import datafusion
import pyarrow

TYPES = {"text": pyarrow.string(), "bigint": pyarrow.int64(), "double": pyarrow.float64(), "boolean": pyarrow.bool_()}


def table(columns):
    arrays, fields = [], []
    for column in columns:
        kind, values = TYPES[column["type"]], column["values"]
        if column["type"] == "boolean":
            values = [None if value is None else bool(value) for value in values]
        arrays.append(pyarrow.array(values, kind))
        fields.append(pyarrow.field(column["name"], kind))
    return pyarrow.record_batch(arrays, schema=pyarrow.schema(fields))


for world in json.load(sys.stdin):
    context = datafusion.SessionContext()
    for name, columns in world["tables"].items():
        context.register_record_batches(name, [[table(columns)]])
    for query in world["queries"]:
        rows = context.sql(query).to_pydict()
        print(json.dumps(dict(zip(rows["patient"], rows["truth"]))))
