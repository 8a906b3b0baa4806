#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks what the desktop and translators read. Speaks TAP.
#   check-packaging.sh SOURCE-ROOT BUILD-ROOT
set -u
source_root=$1
build_root=$2
id=io.github.orrery.Orrery
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$source_root" || exit 1
count=0

# check NAME COMMAND...: one test; what the command prints explains a failure.
check ()
{
  local name=$1 output
  shift
  count=$((count + 1))
  if output=$("$@" 2>&1); then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    sed 's/^/# /' <<< "$output"
  fi
}

# need PROGRAM NAME COMMAND...: as check, skipped where the program is absent.
need ()
{
  local program=$1 name=$2
  shift 2
  if command -v "$program" > /dev/null; then
    check "$name" "$@"
  else
    count=$((count + 1))
    echo "ok $count - $name # SKIP $program is not installed"
  fi
}

quiet ()
{
  local output
  output=$("$@" 2>&1) && [ -z "$output" ] && return
  echo "$output"
  return 1
}

# Every file that holds words for a person is in po/POTFILES, and nothing else is.
list_matches_sources ()
{
  local status=0 file
  git ls-files -co --exclude-standard -- src ui 2> /dev/null > "$scratch/files" \
    || find src ui -type f > "$scratch/files"
  while read -r file; do
    [ -f "$file" ] || continue
    case $file in
      *.c) grep -qE '(^|[^A-Za-z_])(_|N_|C_|NC_|ngettext|g_dngettext) ?\("' "$file" || continue ;;
      *.ui) grep -qE 'translatable="(yes|true|1)"' "$file" || continue ;;
      *) continue ;;
    esac
    grep -qxF "$file" po/POTFILES || { echo "add this line to po/POTFILES: $file"; status=1; }
  done < "$scratch/files"
  while read -r file; do
    case $file in '' | '#'*) continue ;; esac
    [ -f "$file" ] || { echo "po/POTFILES lists $file, which does not exist"; status=1; }
  done < po/POTFILES
  return $status
}

template_builds ()
{
  xgettext --from-code=UTF-8 --add-comments --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
    --keyword=g_dngettext:2,3 --files-from=po/POTFILES --output="$scratch/orrery.pot" || return
  msgfmt --check-format --output-file=/dev/null "$scratch/orrery.pot" || return
  grep -q 'msgid "Orrery"' "$scratch/orrery.pot"
}

# The description may promise only programs and pictures that are there.
metainfo_pictures_exist ()
{
  local url status=0
  for url in $(sed -n 's,.*<image>\(.*\)</image>.*,\1,p' "data/$id.metainfo.xml.in"); do
    case $url in
      */doc/images/*) [ -f "doc/images/${url##*/doc/images/}" ] || { echo "missing: $url"; status=1; } ;;
      *) echo "outside doc/images: $url"; status=1 ;;
    esac
  done
  return $status
}

icons_render ()
{
  local size file
  for size in 16 128; do
    for file in "data/icons/hicolor/scalable/apps/$id.svg" "data/icons/hicolor/symbolic/apps/$id-symbolic.svg"; do
      rsvg-convert -w $size -h $size "$file" -o "$scratch/icon.png" || return
      [ -s "$scratch/icon.png" ] || return
    done
  done
}

schemas_compile ()
{
  cp "data/$id.gschema.xml" "$scratch" && glib-compile-schemas --strict --dry-run "$scratch"
}

mime_type_is_known ()
{
  mkdir -p "$scratch/mime/packages" && cp "data/$id.mime.xml" "$scratch/mime/packages/$id.xml" || return
  update-mime-database "$scratch/mime" 2>&1 | grep -i "$id" && return 1
  grep -q '\*\.orrery' "$scratch/mime/globs"
}

manifest_names_its_modules ()
{
  local module
  for module in openblas gsl hdf5 libzip random123 orrery; do
    grep -qE "^  - name: $module\$" "flatpak/$id.yml" || { echo "no module $module"; return 1; }
  done
  grep -q "^id: $id\$" "flatpak/$id.yml" && grep -q '^  libdir: /app/lib$' "flatpak/$id.yml" || return
  # No access to files or the network beyond what a person hands over.
  ! grep -nE -- '--(filesystem|share=network|socket=session-bus|talk-name)' "flatpak/$id.yml"
}

need desktop-file-validate 'desktop file' quiet desktop-file-validate "$build_root/data/$id.desktop"
need appstreamcli metainfo appstreamcli validate --no-net "$build_root/data/$id.metainfo.xml"
need glib-compile-schemas 'settings schema' schemas_compile
need update-mime-database 'file type' mime_type_is_known
need rsvg-convert 'icons render' icons_render
need xgettext 'translation template' template_builds
check 'po/POTFILES is complete' list_matches_sources
check 'pictures of the metainfo are in doc/images' metainfo_pictures_exist
check 'flatpak manifest' manifest_names_its_modules
mapfile -t xml < <(find data ui src -name '*.svg' -o -name '*.ui' -o -name '*.xml' -o -name '*.xml.in' | sort)
for file in "${xml[@]}"; do
  need xmllint "$file is well-formed" xmllint --nonet --noout "$file"
done
echo "1..$count"
