"""What services share on paper: the iWmo messages and the event schemas."""
