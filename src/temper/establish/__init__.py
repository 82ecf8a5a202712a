"""Establish: from labels to a calibrated measure."""
