"""What crosses between the trusted side and student code: values, functions as source, messages. Imports no room."""
