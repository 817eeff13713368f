"""The service's figures and the episodes behind them."""
