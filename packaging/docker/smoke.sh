#!/bin/sh
# Builds the image and tries it: it starts, makes a report of an example without a network, runs as nobody special, and
# has no compiler. ENGINE is docker or podman, TAG the name of the image.
set -eu
cd "$(dirname "$0")/../.."
ENGINE=${ENGINE:-docker}
TAG=${TAG:-resistab:smoke}

fail() {
    echo "error: $1" >&2
    exit 1
}

inside() {
    "$ENGINE" run --rm --network none --entrypoint sh "$TAG" -c "$1"
}

"$ENGINE" build --file packaging/docker/Dockerfile --tag "$TAG" .

"$ENGINE" run --rm --network none "$TAG" version | grep -q '^rule set oncology ' || fail "it does not know its rule sets"

report=$(mktemp)
trap 'rm -f "$report"' EXIT
"$ENGINE" run --rm --network none --volume "$PWD/examples:/data:ro" "$TAG" \
    evaluate melanoma_nras_q61k.yaml --json - >"$report" || fail "it makes no report"
grep -q '"drug": *"vemurafenib"' "$report" || fail "the report has no verdict on vemurafenib"

[ "$(inside 'id -u')" != 0 ] || fail "it runs as root"
for program in gcc cc g++ make pip; do
    if inside "command -v $program" >/dev/null; then fail "it has $program"; fi
done

echo "The image $TAG is as it should be."
