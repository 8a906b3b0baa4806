#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# in-display.sh COMMAND...: in a virtual display, a session bus and a home folder of its own.
# Exits with 77 (skipped) where the means are missing.
set -u
for program in xvfb-run dbus-run-session import; do
  command -v "$program" > /dev/null || { echo "1..0 # SKIP $program is not installed"; exit 77; }
done
/usr/bin/python3 -c '
import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi
import Xlib, numpy
' 2> /dev/null || { echo "1..0 # SKIP python3-gi, gir1.2-atspi-2.0, python3-xlib or python3-numpy is missing"; exit 77; }

home=$(mktemp -d) || exit 1
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/run"
export HOME=$home XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_CACHE_HOME=$home/cache \
  XDG_STATE_HOME=$home/state XDG_RUNTIME_DIR=$home/run GSETTINGS_BACKEND=keyfile GIO_USE_VFS=local \
  GTK_USE_PORTAL=0 LC_ALL=C.UTF-8
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS GDK_BACKEND G_DEBUG MALLOC_PERTURB_
# Standard output is the command's alone; what the bus and its services print goes to standard error,
# without the lines about their own start.
# shellcheck disable=SC2016 # expanded by the inner shell
xvfb-run -a -s '-screen 0 1400x900x24 -nolisten tcp' dbus-run-session -- \
  bash -c 'exec "$@" >&3 3>&-' in-display "$@" < /dev/null 3>&1 > /dev/null 2> >(
  grep -v -e '^dbus-daemon\[' -e 'SpiRegistry daemon is running' -e 'AT-SPI: Error in GetItems' -e '^$' >&2)
