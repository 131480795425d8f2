"""Apply what was agreed with an organization; docs/pricing.md, "What was agreed".

Each kind of term is a module. Prices: `volume`, then `individual_prices`, then `discounts`, put
together in `prices`. Lines: `usage_lines`, `fees`, `one_off`, `minimums`, `credits`, put together
in `bills`. docs/decisions/terms.md describes what goes in and what comes out.
"""
