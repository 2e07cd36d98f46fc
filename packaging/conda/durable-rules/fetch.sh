#!/bin/sh
# Puts the source of durable-rules, as pip finds it, beside the recipe.
set -eu
cd "$(dirname "$0")"
name=durable_rules-2.0.28
python3 -m pip download --quiet --no-deps --no-binary :all: --no-build-isolation durable-rules==2.0.28
echo "053b26f5e48d312d4fa27995243f954671be6eece477f150c059c364eb4d7d61  $name.tar.gz" | sha256sum --check --quiet
tar -xzf "$name.tar.gz"
