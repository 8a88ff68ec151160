#!/bin/sh
# Behaves like secret-tool or security, by its name, with a directory as the keychain.
here=${0%/*}
name=${0##*/}
PATH=/usr/bin:/bin
{ echo "$name $*"; env; } >> "$here/calls"
read -r behaviour < "$here/behaviour" || true

case $behaviour in
  hangs) exec sleep 1000 ;;
  locked)
    case "$name $1" in
      'secret-tool search') echo '[/1]'; exit 0 ;;
      'secret-tool store') cat > /dev/null; echo "$name: Cannot create an item in a locked collection" >&2; exit 1 ;;
      secret-tool*) exit 1 ;;
    esac
    cat > /dev/null; echo 'User interaction is not allowed.' >&2; exit 36 ;;
  fails) cat > /dev/null; echo "$name: Cannot autolaunch D-Bus without X11 \$DISPLAY" >&2; exit 1 ;;
  garbage) cat > /dev/null; echo 'something else'; exit 0 ;;
esac

place() {
  echo "$here/items/$(echo "$1" | tr / _)"
}

keep() {
  to=$(place "$1")
  if [ "$behaviour" = cuts ]; then head -c 40 > "$to.$$"; else cat > "$to.$$"; fi
  mv "$to.$$" "$to"
}

show() {
  [ -f "$(place "$1")" ] && cat "$(place "$1")"
}

drop() {
  rm "$(place "$1")" 2> /dev/null
}

for last; do :; done
case "$name $1" in
  'secret-tool store') keep "$last" ;;
  'secret-tool lookup') show "$last" ;;
  'secret-tool clear') drop "$last" ;;
  'secret-tool search') if [ -f "$(place "$last")" ]; then echo '[/1]'; fi ;;
  'security find-generic-password') if show "$5"; then echo; else exit 44; fi ;;
  'security delete-generic-password') drop "$5" || exit 44 ;;
  'security -i') read -r line; eval "set -- $line"; printf %s "${10}" | keep "$6" ;;
  *) echo "$name: what is $1?" >&2; exit 2 ;;
esac
