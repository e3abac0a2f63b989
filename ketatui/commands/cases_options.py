"""What ``ketatui cases`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

from ketatui.commands.parser_parts import (
    Commands,
    Parser,
    add_cases_option,
    add_command,
    add_group,
    add_json_option,
    add_pack_options,
    day,
    number,
)

SORTS = (
    *("date", "label", "who", "diagnosis", "decision", "verdict", "worst", "overrides"),
    *("criteria", "state", "treatment", "reviewer"),
)
"""What the library sorts by, said here once more so that nothing has to be imported."""


def add_cases_commands(commands: Commands[Parser]) -> None:
    """Add the group with its commands."""
    from ketatui.commands.encryption_options import ENCRYPTION, add_encryption_options
    from ketatui.commands.scan_options import SCAN, add_scan_options
    from ketatui.commands.send_options import SEND, add_send_options

    group = add_group(
        commands, "cases", "list, show, verify, review saved cases", "  ketatui cases list"
    )
    first = (_list(group), _show(group), _verify(group))
    scan = add_command(group, "scan", "scan", *SCAN)
    add_scan_options(scan)
    send = add_command(group, "send", "send", *SEND)
    add_send_options(send)
    more = (_reassess(group), _diff(group), scan, _review(group), _export(group), send)
    for parser in (*first, *more):
        add_pack_options(parser)
        add_cases_option(parser)
    for name, (short, about, example) in ENCRYPTION.items():
        parser = add_command(group, name, "encryption", short, about, example)
        add_encryption_options(parser, name)
        add_cases_option(parser)


def _list(group: Commands[Parser]) -> Parser:
    parser = add_command(
        group,
        "list",
        "listing",
        "list the saved cases and drafts",
        "List the saved cases, newest first, and the drafts that wait to be resumed.\n"
        "--where takes an expression of the criteria, over their ids and case.id, .label,\n"
        ".saved ('2026-11-21'), .state, .practice, .decision, .standing, .verdict, .worst,\n"
        ".overrides, .criteria, .unchanged, .reviewer, .agreed, .disagreed.",
        "  ketatui cases list\n"
        "  ketatui cases list --text sertraline --limit 20\n"
        "  ketatui cases list --where \"case.state = 'final' and vitals.systolic > 160\" --json",
    )
    parser.add_argument(
        "--text", metavar="WORDS", help="only cases with words that begin so, as in the app"
    )
    parser.add_argument("--where", metavar="EXPRESSION", help="only cases of which this is true")
    parser.add_argument("--sort", choices=SORTS, default="date", help="by what (date)")
    parser.add_argument("--reverse", action="store_true", help="the other way round")
    parser.add_argument("--limit", type=number, metavar="N", help="at most so many")
    add_json_option(parser, "each case")
    return parser


def _show(group: Commands[Parser]) -> Parser:
    parser = add_command(
        group,
        "show",
        "cases",
        "show a saved case",
        "Show saved cases as they stood when they were saved, with their reasons.",
        "  ketatui cases show 20261121-210143-k3f9",
    )
    parser.add_argument("names", nargs="+", metavar="CASE", help="a case's id, or a file")
    return parser


def _verify(group: Commands[Parser]) -> Parser:
    parser = add_command(
        group,
        "verify",
        "cases",
        "verify that saved cases are unchanged",
        "Verify that cases are as they were saved and that no revision is missing. Exit status 1\n"
        "if one is not.",
        "  ketatui cases verify",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="CASE",
        help="a case's id, a file or a folder; all cases without",
    )
    return parser


def _export(group: Commands[Parser]) -> Parser:
    from ketatui.commands.export_options import EXPORT, add_export_options

    parser = add_command(group, "export", "export", *EXPORT)
    add_export_options(parser)
    return parser


def _review(group: Commands[Parser]) -> Parser:
    from ketatui.commands.review_options import add_review_options

    parser = add_command(
        group,
        "review",
        "review",
        "comment on a saved case, agree or disagree, sign it",
        "Add to a saved case what a reviewer says, forever, as a revision of its own: comments,\n"
        "a view on the decision, a signature, or a request for a review. Nothing of the case's\n"
        "content is changed. Exit status 1 if the case does not allow it, or was amended since\n"
        "the revision looked at; nothing is written then.",
        '  ketatui cases review 20261121-210143-k3f9 --comment "Which arm?" \\\n'
        '      --on answer:vitals.systolic --by "Dr B" --role pharmacist\n'
        '  ketatui cases review 20261121-210143-k3f9 --agree "As agreed in rounds" \\\n'
        '      --sign reviewed --by "Dr B" --role psychiatrist',
    )
    add_review_options(parser)
    return parser


def _reassess(group: Commands[Parser]) -> Parser:
    parser = add_command(
        group,
        "reassess",
        "reassess",
        "assess saved cases again, and say what changed and why",
        "Assess saved cases again under the criteria at hand, for today: each pathway then and\n"
        "now, and the rule, threshold, date or answer behind each change. Answers that are too\n"
        "old count as unanswered. Nothing is written.",
        "  ketatui cases reassess\n  ketatui cases reassess --changed --on 2027-01-02 saved_cases",
    )
    parser.add_argument(
        "names", nargs="*", metavar="CASE", help="a case's id, a file or a folder; all without"
    )
    parser.add_argument(
        "--changed", action="store_true", help="only cases with a verdict that changed"
    )
    parser.add_argument(
        "--keep-stale", action="store_true", help="count answers however old they are"
    )
    add_json_option(parser, "each case")
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to assess for, YYYY-MM-DD (today)"
    )
    return parser


def _diff(group: Commands[Parser]) -> Parser:
    parser = add_command(
        group,
        "diff",
        "diff",
        "compare two cases, or two revisions of one",
        "Compare two saved cases, or two revisions of one: answers, rows, consent, decision,\n"
        "findings and verdicts. Only what differs is shown.",
        "  ketatui cases diff 20261121-210143-k3f9@1 20261121-210143-k3f9",
    )
    for side in ("a", "b"):
        parser.add_argument(
            side, metavar=side.upper(), help="a case's id, or a file; @2 names its revision 2"
        )
    add_json_option(parser, "what differs")
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day for reasons not recorded (today)"
    )
    return parser
