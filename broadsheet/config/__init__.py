"""Options, Django's settings, start-up checks and the URL table: the one room that reads the environment."""
