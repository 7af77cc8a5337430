"""The pages of groups: lists, making, one group, placing, preparations, capacity and courses."""
