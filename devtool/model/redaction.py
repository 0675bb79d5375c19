"""Keeping secrets out of everything that is shown, stored or attached."""

from __future__ import annotations

import re

MASK = "[redacted]"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Credentials inside a URL: scheme://user:secret@host, where the secret may hold `@` and `:` itself
    (
        re.compile(r"(?P<keep>\b[a-zA-Z][\w+.-]{1,20}://[^\s/:@]{0,200}:)[^\s/\"'`]{1,500}(?=@)"),
        rf"\g<keep>{MASK}",
    ),
    # A token alone before the host, longer than names are
    (re.compile(r"(?P<keep>\b[a-zA-Z][\w+.-]{1,20}://)[^\s/:@\"'`]{20,500}(?=@)"), rf"\g<keep>{MASK}"),
    # A proxy without its scheme: user:secret@host; but not an image's name:tag@sha256:digest
    (
        re.compile(r"(?P<keep>(?<![\w/.:+-])[\w.+-]{1,64}:)[^\s/:@\"'`\[]{3,200}(?=@(?!sha\d+:)[\w.-]+)"),
        rf"\g<keep>{MASK}",
    ),
    # Tokens that announce themselves: GitHub, GitLab, PyPI, AWS, Slack, JSON web tokens
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|pypi-|npm_|hf_)[\w-]{20,255}"), MASK),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bxox[abprs]-[\w-]{10,255}"), MASK),
    (re.compile(r"\beyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]{1,4000}"), MASK),
    # `Authorization: Bearer …`, `"auth": "…"`, `PASSWORD=…`, `--token …`
    (
        re.compile(
            r"(?i)(?P<keep>\bauthorization\s{0,5}[:=]\s{0,5}(?:bearer|basic|token)?\s{0,5})[^\s\"',;]{3,2000}"
        ),
        rf"\g<keep>{MASK}",
    ),
    (
        re.compile(
            r"(?i)(?P<keep>(?:--[\w-]{0,40}(?:password|token|secret|key)\s{1,3}|[\"']?\b[\w-]{0,60}"
            r"(?:password|passwd|secret|token|api_?key|access_?key|account_?key|private_?key|\bauth(?![a-z]))"
            r"[\w-]{0,20}[\"']?\s{0,3}[:=]\s{0,3})[\"']?)(?!\[redacted\])[^\s\"',;]{3,2000}"
        ),
        rf"\g<keep>{MASK}",
    ),
)


def redact(text: str) -> str:
    """`text` with whatever looks like a secret replaced by a mask."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
