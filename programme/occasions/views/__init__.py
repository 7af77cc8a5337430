"""The occasions' pages: staff's, the participant's, the trainer's and the calendar's."""
