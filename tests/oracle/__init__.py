"""An oracle for hours: the documented rules by another method, to hold the engine against."""
