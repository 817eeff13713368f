"""Lists of many episodes, duties and data-quality issues, in pages."""
