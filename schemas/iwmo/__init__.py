"""The iWmo 3.2 edge: read, judge, write and answer messages. Import the modules by name."""
