"""Every write of this room: nominating, places, waves and quotas."""
