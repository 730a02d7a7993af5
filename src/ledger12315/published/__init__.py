"""Published facts as files: Parquet and its manifest, written by stations, read by a county."""
