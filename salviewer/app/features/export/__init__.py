"""Export what is shown: the choices, the dialog, the report as PDF."""
