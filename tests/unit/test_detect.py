from __future__ import annotations

import dataclasses

import pytest

from devtool.detect import detect
from devtool.model.host import GIB, Host
from tests.support import FakeFiles, FakeMachine, FakeProcess, ended, fake_system

UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n'
LINUX_FILES = {
    "/etc/os-release": UBUNTU,
    "/proc/meminfo": "MemTotal:       16777216 kB\nMemFree: 1 kB\n",
    "/proc/self/cgroup": "0::/user.slice\n",
}
SYSCTL = "/usr/sbin/sysctl hw.memsize sysctl.proc_translated"
SW_VERS = "/usr/bin/sw_vers -productVersion"


def linux(files: dict[str, str] | None = None, **doors: object) -> Host:
    return detect(fake_system(files=FakeFiles({**LINUX_FILES, **(files or {})}), **doors), "/checkout")


def test_a_plain_linux_machine_is_told_in_full() -> None:
    process = FakeProcess(programs={"apt-get": "/usr/bin/apt-get", "brew": "/home/linuxbrew/bin/brew"})

    host = linux(process=process, env={"HOME": "/home/me", "SHELL": "/usr/bin/zsh"})

    assert host == Host(
        os="linux",
        distribution="ubuntu",
        version="22.04",
        kernel="6.1.0",
        architecture="x86_64",
        translated=False,
        wsl=None,
        container=None,
        cpus=8,
        cpu_limit=None,
        memory_bytes=16 * GIB,
        memory_limit_bytes=None,
        disk_path="/checkout",
        disk_free_bytes=500 * GIB,
        shell="zsh",
        package_managers=("apt-get", "brew"),
        page_size_bytes=4096,
        is_root=False,
        home="/home/me",
    )


def test_a_machine_that_tells_nothing_is_still_a_host() -> None:
    files = FakeFiles(free=None, broken=("/etc/os-release", "/proc/self/cgroup"))

    host = detect(fake_system(files=files, env={}), "/checkout")

    assert (host.distribution, host.version, host.memory_bytes) == (None, None, None)
    assert (host.shell, host.home, host.disk_free_bytes, host.usable_memory_bytes) == (None, None, None, None)


@pytest.mark.parametrize(
    ("machine", "architecture"), [("aarch64", "arm64"), ("amd64", "x86_64"), ("riscv64", "riscv64")]
)
def test_architectures_have_one_name_each(machine: str, architecture: str) -> None:
    host = linux(machine=FakeMachine(uname=("Linux", "6.1.0", machine)))

    assert host.architecture == architecture


@pytest.mark.parametrize(
    ("release", "wsl"),
    [
        ("5.15.153.1-microsoft-standard-WSL2", 2),
        ("6.6.1-custom-WSL2+", 2),
        ("4.4.0-19041-Microsoft", 1),
        ("6.1.0-18-amd64", None),
    ],
)
def test_the_kernels_release_tells_wsl(release: str, wsl: int | None) -> None:
    host = linux(machine=FakeMachine(uname=("Linux", release, "x86_64")))

    assert host.wsl == wsl


def test_a_container_on_docker_desktop_is_not_wsl() -> None:
    machine = FakeMachine(uname=("Linux", "5.15.153.1-microsoft-standard-WSL2", "x86_64"))

    host = linux({"/.dockerenv": ""}, machine=machine)

    assert (host.container, host.wsl) == ("docker", None)


@pytest.mark.parametrize(
    ("files", "env", "container"),
    [
        ({"/.dockerenv": ""}, {}, "docker"),
        ({"/run/.containerenv": ""}, {}, "podman"),
        ({"/.dockerenv": ""}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "kubernetes"),
        ({"/proc/self/cgroup": "1:name=systemd:/kubepods/besteffort/pod1/a\n"}, {}, "kubernetes"),
        ({"/proc/self/cgroup": "5:devices:/docker/0123\n"}, {}, "docker"),
        ({"/proc/1/environ": "HOME=/root\0container=lxc\0"}, {}, "lxc"),
        ({"/run/systemd/container": "systemd-nspawn\n"}, {}, "systemd-nspawn"),
        ({"/run/systemd/container": "wsl\n"}, {}, None),
        ({}, {"container": "oci"}, "oci"),
        ({}, {}, None),
    ],
)
def test_each_runtime_is_known_by_its_own_mark(
    files: dict[str, str], env: dict[str, str], container: str | None
) -> None:
    host = linux(files, env=env)

    assert host.container == container


def test_the_environment_of_process_1_may_be_forbidden() -> None:
    system = fake_system(files=FakeFiles(LINUX_FILES, broken=("/proc/1/environ",)))

    host = detect(system, "/checkout")

    assert host.container is None


@pytest.mark.parametrize(
    ("os_release", "managers"),
    [
        ("ID=debian\n", ("apt-get", "dnf", "brew")),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', ("dnf", "apt-get", "brew")),
    ],
)
def test_the_distributions_own_package_manager_comes_first(
    os_release: str, managers: tuple[str, ...]
) -> None:
    process = FakeProcess(programs={name: f"/usr/bin/{name}" for name in ("apt-get", "brew", "dnf")})

    host = linux({"/etc/os-release": os_release}, process=process)

    assert host.package_managers == managers


def macos(sysctl: str, machine: str) -> Host:
    process = FakeProcess(answers={SW_VERS: ended("14.5\n"), SYSCTL: ended(sysctl)})
    system = fake_system(process=process, machine=FakeMachine(uname=("Darwin", "23.5.0", machine)))
    host = detect(system, "/checkout")
    process.assert_used()
    return host


def test_a_mac_is_told_by_its_own_programs() -> None:
    host = macos("hw.memsize: 17179869184\nsysctl.proc_translated: 0\n", "arm64")

    assert (host.os, host.distribution, host.version) == ("macos", "macos", "14.5")
    assert (host.architecture, host.translated, host.memory_bytes) == ("arm64", False, 16 * GIB)


def test_under_rosetta_the_processor_is_still_arm() -> None:
    host = macos("hw.memsize: 17179869184\nsysctl.proc_translated: 1\n", "x86_64")

    assert (host.architecture, host.translated) == ("arm64", True)


def test_an_intel_mac_does_not_know_translation() -> None:
    host = macos("hw.memsize: 17179869184\n", "x86_64")

    assert (host.architecture, host.translated) == ("x86_64", False)


def test_a_mac_whose_programs_hang_is_still_a_host() -> None:
    hangs = ended(outcome="timed-out", seconds=5.0)
    process = FakeProcess(answers={SW_VERS: hangs, SYSCTL: hangs})
    system = fake_system(process=process, machine=FakeMachine(uname=("Darwin", "23.5.0", "arm64")))

    host = detect(system, "/checkout")

    assert (host.os, host.version, host.memory_bytes) == ("macos", None, None)


@pytest.mark.parametrize(
    ("files", "memory", "cpus"),
    [
        pytest.param(
            {"/sys/fs/cgroup/memory.max": "8589934592\n", "/sys/fs/cgroup/cpu.max": "150000 100000\n"},
            8 * GIB,
            1.5,
            id="version 2, own namespace",
        ),
        pytest.param(
            {
                "/sys/fs/cgroup/user.slice/memory.max": "max\n",
                "/sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
            },
            None,
            None,
            id="version 2, no limit",
        ),
        pytest.param(
            {
                "/proc/self/cgroup": "0::/a/b\n",
                "/sys/fs/cgroup/a/memory.max": "4294967296\n",
                "/sys/fs/cgroup/a/b/memory.max": "8589934592\n",
            },
            4 * GIB,
            None,
            id="version 2, a parent is tighter",
        ),
        pytest.param(
            {
                "/proc/self/cgroup": "4:memory:/docker/0a\n2:cpu,cpuacct:/docker/0a\n0::/\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "2147483648\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            2 * GIB,
            2.0,
            id="version 1, the host's path leads nowhere",
        ),
        pytest.param(
            {
                "/proc/self/cgroup": "4:memory:/\n2:cpu:/\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            None,
            None,
            id="version 1, no limit",
        ),
    ],
)
def test_control_groups_limit_memory_and_processors(
    files: dict[str, str], memory: int | None, cpus: float | None
) -> None:
    host = linux(files)

    assert (host.memory_limit_bytes, host.cpu_limit) == (memory, cpus)


def test_the_usable_memory_is_the_smaller_of_the_two() -> None:
    host = linux({"/sys/fs/cgroup/memory.max": "8589934592\n"})

    assert host.usable_memory_bytes == 8 * GIB
    assert dataclasses.replace(host, memory_limit_bytes=None).usable_memory_bytes == 16 * GIB
