"""How live_net_recurrent's memory was trained without labels, on sequences made from stills."""
