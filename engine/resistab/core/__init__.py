"""The engine: conditions in, values with their derivation out; it knows no domain."""
