"""The only layer that knows about .xlsx: reading, writing and marking workbooks."""
