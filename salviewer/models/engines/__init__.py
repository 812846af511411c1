"""Engines map stimuli to densities: torch, or OpenVINO on the processor."""
