"""What a county does with its stations' figures."""
