"""What goes back to other services: one module a format, each from reports to bytes, without any I/O."""
