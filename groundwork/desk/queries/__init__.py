"""What the desk's pages show, composed of what the areas answer."""

from groundwork.desk.queries.feed import feed, feed_key
from groundwork.desk.queries.home import home
from groundwork.desk.queries.search import search

__all__ = ["feed", "feed_key", "home", "search"]
