"""One TOML file per exercise, and the catalogue that loads and validates them."""
