"""What crosses between the trusted side and student code: values, functions as source, and messages. Imports no other room."""
