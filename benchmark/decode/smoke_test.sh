#!/bin/sh
# Runs each benchmark once: they check their results before they time anything.
exec "$1" --smoke
