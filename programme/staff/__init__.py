"""What a participant and a manager see of the training: what comes, what is done, what is missing."""
