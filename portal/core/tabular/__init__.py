"""Reading and writing tables as files: workbooks, CSV, pasted text.

Where what is:

- ``isolation``  the door for anything a user sends: reads or annotates it in a child process with limits
- ``reading``    the reader itself (used by the child, by tests and by commands on trusted files)
- ``tables``     what goes in (``TableSpec``) and what comes out (``Reading``, ``RawTable``)
- ``faults``     what can be wrong, as codes and values; ``messages`` turns them into words
- ``writing``    CSV and XLSX whose cells never run as formulas
- ``template``   the workbook to fill in, with its drop-downs; ``annotating`` hands a workbook back with comments

This package file imports nothing, so that the child process starts in a few hundredths of a second.
"""
