"""Exports: rows of a list as CSV, XLSX or PDF, by a job that goes on where it was.

`asking` takes the request, `datasets` says what there is, `rows` reads it in parts, `csv_file`,
`xlsx_file` and `pdf_file` make one file of the parts, `writing` is the long job, `keeping` lets go.
"""
