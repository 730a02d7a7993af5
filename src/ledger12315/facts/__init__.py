"""Facts as Parquet files with a manifest, from stations to a county."""
