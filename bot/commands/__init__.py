"""The commands of `python -m bot`: one module each, offering `add_arguments(parser)` and `run(arguments, settings) -> int`."""
