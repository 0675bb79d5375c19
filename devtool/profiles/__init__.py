"""The projects that devtool knows without being told: data, one TOML file each."""
