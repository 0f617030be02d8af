"""What grading costs, and from that a deadline's last hour on machines that nobody here has: a simulation, checked against a run."""
