"""Writing one address into a person's own file of mirrors, and leaving the rest as it is."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.requirements.mirroring import with_address
from devtool.system.toml import loads

URL = "https://m.example"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f'pypi = "{URL}"\n'),
        ("# mine", f'# mine\npypi = "{URL}"\n'),
        ('go = "https://g.example"\n', f'go = "https://g.example"\npypi = "{URL}"\n'),
        (
            '# mine\n  pypi="https://old.example" # slow\ngo = "https://g.example"',
            f'# mine\npypi = "{URL}"\ngo = "https://g.example"',
        ),
        (
            'pypi = "https://old.example"\r\ngo = "https://g.example"\r\n',
            f'pypi = "{URL}"\r\ngo = "https://g.example"\r\n',
        ),
        ('pypi = ["https://a.example", "https://b.example"]\n', f'pypi = "{URL}"\n'),
    ],
)
def test_one_line_is_written_and_every_other_stays(before: str, after: str) -> None:
    assert with_address("/m.toml", before, "pypi", URL) == after


@pytest.mark.parametrize("url", ['https://m.example/a"b', "https://m.example/a\\b", "https://m.example/ü"])
def test_any_address_is_read_as_it_was_written(url: str) -> None:
    assert loads(with_address("/m.toml", 'go = "https://g.example"', "pypi", url)) == {
        "go": "https://g.example",
        "pypi": url,
    }


def test_a_new_file_says_what_it_is_for() -> None:
    made = with_address("/m.toml", None, "pypi", URL)

    assert made.splitlines() == [
        "# Where devtool fetches things from, before what a checkout says and after the environment.",
        f'pypi = "{URL}"',
    ]


def test_what_stands_over_several_lines_is_left_to_the_person() -> None:
    with pytest.raises(InputError, match=r"`pypi` in `/m\.toml` stands over several lines"):
        with_address("/m.toml", 'pypi = [\n  "https://a.example",\n]\n', "pypi", URL)
