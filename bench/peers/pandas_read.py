"""Merely reads the file. pandas_read.py JOB FILE"""
import sys

from jobs import load, report, started

begun = started()
frame = load(*sys.argv[1:3])
report(len(frame), started() - begun, note=f"reads only, {started() - begun:.1f} s in read_csv")
