#!/bin/sh
# Chromium as people have it: not root's, which may put its own threads before all others (nice -8), those of the page among them.
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
  exec setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice "${CHROMIUM:-/usr/bin/chromium}" "$@"
fi
exec "${CHROMIUM:-/usr/bin/chromium}" "$@"
