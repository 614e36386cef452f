"""What ``mpdt bench-reload`` runs."""
