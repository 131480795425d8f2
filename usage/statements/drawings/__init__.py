"""Calculate the geometry of a statement for templates that draw it as SVG.

Positions and lengths are percentages of the drawing, so that it fits any screen while its text
keeps its size. Only they are floating point; money is not.
"""
