"""civicmap: residents pin a problem on a map, the right department answers, everyone sees it."""
