from gym.databases import empty, gym_url, postgres

__all__ = ["empty", "gym_url", "postgres"]
