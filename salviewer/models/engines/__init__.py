"""What computes: torch, or OpenVINO on the processor. An engine maps stimuli to densities."""
