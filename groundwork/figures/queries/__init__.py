"""What figures are read from, what they say, and the records behind them."""
