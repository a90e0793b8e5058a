"""What bin/bench can measure: one module a part, with NAME, DESCRIPTION and `run(arguments)`."""
