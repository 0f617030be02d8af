"""What a service hands out of a class's files, taken into `submitted/`: one file a source; nothing in it is trusted."""
