"""What a statement looks like: geometry for templates that draw it as SVG.

Places and lengths are percentages of the drawing, so that it fits any screen while its text keeps
its size. They alone are floating point; money is not.
"""
