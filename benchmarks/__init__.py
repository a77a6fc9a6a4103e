"""What we claim about speed and memory, runnable by anyone: ``make bench``.

Figures vary with the machine; ratios less.
"""
