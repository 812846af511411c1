"""Write predictions to files, for one picture or many: names, formats, reports. No torch, no Qt."""
