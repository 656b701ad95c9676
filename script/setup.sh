# What the other scripts share: finds or installs what they need. Sourced, not run.

set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

say() { printf '%s\n' "lectern: $*" >&2; }
fail() { say "$*"; exit 1; }

# Prints the Debian packages of commands that are missing: wanted COMMAND=PACKAGE…
missing_packages() {
  local pair
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || printf '%s\n' "${pair#*=}"
  done
}

# Installs Debian packages that provide commands: wanted COMMAND=PACKAGE…
need_commands() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] || need_packages "${missing[@]}"
}

need_packages() {
  agree_packages "$@"
  fetch_packages "$@"
}

# Says what will be installed, asks where somebody can answer, and sets SUDO.
agree_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    fail "please install these first, by the names they have on your system: $*"
  fi
  SUDO=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "run this as root once, or install: apt-get install $*"
    SUDO=sudo
  fi
  say "these system packages are missing and will be installed: $*"
  if [ "${ASSUME_YES:-}" != 1 ] && [ -t 0 ] && [ -t 2 ]; then
    read -r -p "lectern: install them now? [Y/n] " answer
    case "$answer" in [nN]*) fail "nothing was installed" ;; esac
    # It asks for a password now, and not beside other work.
    [ -z "$SUDO" ] || sudo -v
  fi
}

fetch_packages() {
  say "installing system packages: $*"
  $SUDO apt-get update -qq >/dev/null || say "the package lists could not be refreshed; trying with the old ones"
  $SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    fail "the packages could not be installed: apt-get install $*"
}

# A number that grows with the version, from "v24.12.0".
version_number() { printf '%s' "$1" | sed 's/^v//' | awk -F. '{ print $1 * 1000 + $2 }'; }

# Installs npm packages, pinned by package-lock.json: install_packages run|all
install_packages() {
  local kind="$1" stamp wanted
  wanted="$(sha256sum package-lock.json | cut -c1-40)"
  for stamp in node_modules/.lectern-all node_modules/.lectern-"$kind"; do
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && return
  done
  command -v npm >/dev/null 2>&1 || need_packages npm
  # From here on, what is there is neither what an earlier stamp says nor complete: another version's stamp, of either kind, must not survive.
  rm -f node_modules/.lectern-*
  if [ "$kind" = all ]; then say "installing all npm packages, those of tests too"; else say "installing the npm packages that the server and its pages need"; fi
  npm_install "$kind" || fail "the npm packages could not be installed"
  printf '%s' "$wanted" >node_modules/.lectern-"$kind"
}

# Installs what package-lock.json of this folder pins: npm_install run|all
npm_install() {
  local kind="$1"
  # No package may run anything at its installation; none of ours needs to.
  # Not `npm ci`, which refuses the lock file where a registry lacks the binaries of platforms that are not this one.
  local options=(--no-save --ignore-scripts --no-audit --no-fund --loglevel=error)
  [ "$kind" = all ] || options+=(--omit=dev)
  if node "$ROOT/script/lock-for-npm.mjs" "$(npm config get registry)" "$kind" >npm-shrinkwrap.json 2>/dev/null; then
    # A registry may have other addresses, or none: npm asks it for them then, package by package, and says what is wrong.
    if npm install "${options[@]}" >/dev/null 2>&1; then
      rm npm-shrinkwrap.json
      return
    fi
  fi
  rm -f npm-shrinkwrap.json
  npm install "${options[@]}" >&2
}

# Puts a Node.js that is new enough first on the PATH: the machine's own, or the one that package-lock.json pins.
use_node() {
  local own
  own="$(node --version 2>/dev/null || echo v0.0)"
  if [ "$(version_number "$own")" -ge 24012 ]; then return; fi
  local pinned
  for pinned in node_modules/node-linux-*/bin; do
    if [ -x "$pinned/node" ] && "$pinned/node" --version >/dev/null 2>&1; then
      PATH="$ROOT/$pinned:$PATH"
      export PATH
      return
    fi
  done
  fail "Node.js 24.12 or newer is needed; this machine has $own, and there is none to bring along for $(uname -sm)"
}

# A hash of all files below these folders.
hash_of() {
  find "$@" package-lock.json -type f -not -path '*/dist/*' -not -path '*/node_modules/*' -not -path 'packages/web/documents/*' -not -path 'packages/client/src/schema.ts' -not -name '*.test.ts' -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c1-40
}

# Whether FOLDER was made of what has this hash.
is_made_of() { [ "$(cat "$1/.made-of" 2>/dev/null || true)" = "$2" ]; }

# Makes the types of the API, which are checked and never run.
make_client_types() {
  node packages/client/src/make.ts || fail "the types of the API could not be made"
}

# Builds the pages when something that they are made of has changed: build_pages [quick]
# Quick is without the smallest copies of their files, which take as long as all the rest: compress_pages makes them then.
build_pages() {
  local made=packages/web/dist wanted
  wanted="$(hash_of packages/web packages/ui packages/names packages/player packages/publisher packages/media packages/board packages/room packages/exam packages/client script/bundle-player.ts script/compress-pages.ts script/bundled-packages.ts)"
  if ! is_made_of "$made" "$wanted"; then
    rm -f "$made/.made-of"
    say "building the pages"
    node node_modules/vite/bin/vite.js build packages/web --logLevel warn >&2 || fail "the pages could not be built"
    node script/bundle-player.ts "$made" >/dev/null || fail "the player could not be built"
    if [ "${1:-}" = quick ]; then node script/compress-pages.ts "$made" --quick || fail "the pages could not be compressed"; fi
    printf '%s' "$wanted" >"$made/.made-of"
  fi
  [ "${1:-}" = quick ] || compress_pages
}

# Makes the smallest copies of the pages' files, where that was left for later. So many at a time as there are cores.
compress_pages() {
  local made=packages/web/dist of
  if [ -e "$made/.compressed" ] || [ ! -w "$made" ]; then return 0; fi
  of="$(cat "$made/.made-of")"
  UV_THREADPOOL_SIZE="$(nproc)" node script/compress-pages.ts "$made" || fail "the pages could not be compressed"
  # The pages may have been built again meanwhile.
  if is_made_of "$made" "$of"; then : >"$made/.compressed"; fi
}

# Makes them beside the server that is started next, which has the processors first.
compress_pages_later() {
  if [ -e packages/web/dist/.compressed ] || [ ! -w packages/web/dist ]; then return 0; fi
  (nice -n 19 bash -c 'source "$0" && compress_pages' "$ROOT/script/setup.sh" </dev/null >/dev/null 2>&1 &)
}

# Makes the site of the documents when one of them has changed. Its generator is installed beside them: nothing else needs it.
build_documents() {
  local made=packages/web/documents wanted
  wanted="$(hash_of docs package.json packages/server packages/client packages/web/src/brand/mark.svg script/reference-pages.ts script/reference)"
  if is_made_of "$made" "$wanted"; then return; fi
  rm -rf "$made"
  say "making the site of the documents"
  (cd docs/site && npm_install all) || fail "the generator of the site could not be installed"
  node script/reference-pages.ts docs/reference || fail "the reference of the API could not be written"
  node docs/site/node_modules/vitepress/bin/vitepress.js build docs/site >/dev/null || { rm -rf docs/reference; fail "the site could not be made"; }
  rm -rf docs/reference
  printf '%s' "$wanted" >"$made/.made-of"
}

# Compiles the server when its sources have changed, and sets PROGRAM: the compiled server, or its sources where nothing can be written.
compile_server() {
  local made=packages/server/dist wanted
  wanted="$(hash_of packages/server packages/media packages/board packages/room packages/exam packages/names script/compile-server.ts script/bundled-packages.ts)"
  PROGRAM="$ROOT/$made/main.js"
  if is_made_of "$made" "$wanted"; then
    # Tests compare its time with those of the sources.
    [ ! -w "$made/.made-of" ] || touch "$made/.made-of"
    return
  fi
  if [ ! -w packages/server ]; then
    PROGRAM="$ROOT/packages/server/src/main.ts"
    return
  fi
  rm -f "$made/.made-of"
  say "building the server"
  node script/compile-server.ts >&2 || fail "the server could not be built"
  printf '%s' "$wanted" >"$made/.made-of"
}
