"""From a folder of YAML to a checked rule set."""
