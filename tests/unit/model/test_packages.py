def test_what_enables_a_source_comes_first_and_once() -> None:
    enable = (("dnf", "config-manager", "--set-enabled", "crb"),)
    one = InstallPackages("dnf", ("a",), ("a",), needs_root=True, before=enable)
    two = InstallPackages("dnf", ("b",), ("b",), needs_root=True, before=enable)

    assert one.joined(two).preview == (
        "sudo sh -c 'dnf config-manager --set-enabled crb && dnf install -y a b'"
    )


def test_each_manager_fetches_its_lists_in_its_own_words() -> None:
    commands = {
        manager: InstallPackages(manager, ("a",), ("a",), needs_root=False, refresh=True).command
        for manager in ("apt-get", "pacman", "apk", "dnf")
    }

    assert commands == {
        "apt-get": "apt-get update && apt-get install -y a",
        "pacman": "pacman -Sy && pacman -S --needed --noconfirm a",
        "apk": "apk update && apk add a",
        "dnf": "dnf install -y a",
    }
