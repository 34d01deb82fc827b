"""The wall: what it paints, from numbers that fill a tile to lines of the clock and of what changed."""
