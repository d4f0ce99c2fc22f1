#!/bin/sh
# layout.sh OBJECTS: the rules of docs/architecture.md that a compiler does not check: which room
# includes what, system headers only in the platform files, a unit test for every module, and no
# unwanted function in the objects.
set -eu
cd "$(dirname "$0")/.."
objects=$1
failed=0
complain() { echo "layout: $*"; failed=1; }

# room: the rooms whose headers it may include besides its own and base's.
allowed_of() {
    case $1 in
    base) echo ;;
    http) echo ;;
    auth) echo http ;;
    arm) echo "http auth" ;;
    ml) echo arm ;;
    ssh) echo ;;
    cleanup) echo "arm ml" ;;
    sandbox) echo ;;
    cli) echo ;;
    commands) echo "http auth arm ml ssh cleanup cli" ;;
    esac
}

# azml/NAME.h is a public header: which room it belongs to is where its module lies.
room_of_public() {
    for room in base http auth arm ml ssh cleanup; do
        if [ -e "src/$room/$1.c" ] || [ -e "src/$room/${1#${room}_}.c" ]; then echo $room; return; fi
    done
    case $1 in
    http*) echo http ;; cloud*|credential*|auth*) echo auth ;; arm*) echo arm ;;
    ssh*) echo ssh ;; cleanup*) echo cleanup ;; ml*|workspace*|compute*) echo ml ;;
    *) echo unknown ;;
    esac
}

for file in src/*/*.[ch]; do
    room=$(basename "$(dirname "$file")")
    allowed=" base $room $(allowed_of "$room") "
    for header in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$file"); do
        case $header in
        azml/*) used=$(room_of_public "$(basename "$header" .h)") ;;
        */*) used=${header%%/*} ;;
        *) complain "$file includes \"$header\" without its room"; continue ;;
        esac
        if [ "$room" = commands ] && [ "$header" = sandbox/sandbox.h ]; then continue; fi
        case $allowed in
        *" $used "*) ;;
        *) complain "$file includes $header, but $room may not use $used" ;;
        esac
    done
    case $file in
    src/base/platform_*|src/sandbox/*) continue ;;
    esac
    if grep -nE '^#\s*include <(unistd|sys/|netinet/|arpa/|poll|fcntl|signal|pwd|dirent|termios|netdb|windows)' "$file"; then
        complain "$file includes a system header that belongs to src/base/platform_*.c"
    fi
    if grep -nE '^#\s*if(n?def)? .*(_WIN32|__linux__|__APPLE__|__unix__)' "$file"; then
        complain "$file asks for the operating system"
    fi
done

for module in src/*/*.c; do
    case $module in src/base/platform_windows*) continue ;; esac
    room=$(basename "$(dirname "$module")") name=$(basename "$module" .c)
    [ -e "tests/unit/$room/test_$name.c" ] || [ "$room" = commands ] ||
        complain "$module has no tests/unit/$room/test_$name.c"
done
# A command file is tested by a unit test, or from the command line: rest_request.c by rest.bats.
for module in src/commands/*.c; do
    name=$(basename "$module" .c) found=
    [ -e "tests/unit/commands/test_$name.c" ] && continue
    part=$name
    while :; do
        [ -e "tests/cli/$(echo "$part" | tr _ -).bats" ] && found=yes
        case $part in *_*) part=${part%_*} ;; *) break ;; esac
    done
    [ "$found" ] || complain "$module has neither a unit test nor a tests/cli/*.bats of its name"
done

unwanted=$(find "$objects" -path '*azml_rooms.dir/src/*.o' -exec nm -u {} + |
    sed -n 's/^ *U \(strcpy\|strcat\|sprintf\|strtok\|gets\|atoi\|strncpy\|localtime\|gmtime\|system\)$/\1/p' | sort -u)
[ -z "$unwanted" ] || complain "unwanted functions are used:" $unwanted

exit $failed
