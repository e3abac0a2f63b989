#!/usr/bin/env bash
# markdown-it-py's "gfm-like" makes links of a list item's number and of a dose.
#
# Expected: links as GitHub Flavored Markdown has them (section 6.9, extended autolinks): a bare text
# is one if it begins with www. or a scheme, or is an email address.
# Seen: any word with a dot before what is a top-level domain somewhere becomes a link: "1.ba",
# "0.5.mg", "fda.gov". The preset turns on fuzzy links, and .ba and .mg are countries.
# So: in Markdown that others will render, escape the dot of what must stay text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" \
	markdown-it-py==4.3.0 linkify-it-py==2.2.0
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from markdown_it import MarkdownIt

reader = MarkdownIt("gfm-like")
for text in ("see 1.ba", "then 0.5.mg", "by fda.gov", "then 0.5 mg", r"then 0.5\.mg"):
    print(text, "->", "a link" if "<a " in reader.render(text) else "text")
CODE

echo "markdown-it-py==4.3.0, linkify-it-py==2.2.0"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
see 1.ba -> a link
then 0.5.mg -> a link
by fda.gov -> a link
then 0.5 mg -> text
then 0.5\.mg -> text
FOUND
