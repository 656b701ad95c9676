#!/bin/sh
# Chromium as people have it: root's may put most of its own threads before all others (nice -8), and so before those of its pages.
drop=
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
  drop="setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice"
fi
exec $drop "${CHROMIUM:-/usr/bin/chromium}" "$@"
