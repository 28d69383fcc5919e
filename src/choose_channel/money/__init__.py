"""The unit economics of an order: profit, break-even, cash."""
