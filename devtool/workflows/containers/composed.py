"""The blueprint of a dev container that Compose files describe."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devtool.adapters.compose.generation import installed
from devtool.adapters.compose.naming import Naming
from devtool.adapters.compose.reading import Composition, read
from devtool.errors import InputError
from devtool.model.container import Blueprint, Service, Setting
from devtool.workflows.containers.deciding import decide
from devtool.workflows.containers.platforms import architecture_of, asked_platform, host_architecture
from devtool.workflows.containers.standalone import features_note
from devtool.workflows.containers.variables import ENVIRONMENT, Variables, variables_files

if TYPE_CHECKING:
    from devtool.adapters.devcontainer import Devcontainer
    from devtool.system import System
    from devtool.workflows.containers.sources import Options, Source

_DECIDING = ("image", "platform", "user", "working_dir", "volumes", "container_name", "build")


def blueprint(system: System, source: Source, options: Options) -> Blueprint:
    """What the Compose files say of the service that people build in. Raises InputError."""
    return _Reading(system, source, options).blueprint()


@dataclass
class _Reading:
    system: System
    source: Source
    options: Options

    def __post_init__(self) -> None:
        self.files = self.source.compose_files
        self.folder = posixpath.dirname(self.files[0])
        self.notes: list[str] = []
        self.variables = Variables(self.system, self.options.variables)
        files = variables_files(self.system, self.files[0])
        for path in files:
            self.variables.read(path, self.shown(path))
        if self.system.env.get("COMPOSE_ENV_FILES"):  # relative ones start from wherever Compose is started
            self.variables.decide("COMPOSE_ENV_FILES", ",".join(reversed(files)), ENVIRONMENT)
        self.choose_os()

    def blueprint(self) -> Blueprint:
        made = self.read()
        chosen = self.choose_service(made)
        person = self.choose_person(made, chosen.value)
        if self.choose_architecture(made, chosen.value) or person:
            made = self.read()
        name = chosen.value
        project = self.name_project(made)
        service = made.service(name, project.value, self.variables.lookup, self.system)
        described = self.described(name)
        if described:
            service = _completed(service, described)
        said_by = self.who_chose_architecture(made, name)
        service, decided = decide(self.system, self.source.root, self.options, made, service, said_by)
        if described and described.remote_user:
            user = Setting("user", described.remote_user, self.shown(described.path))
            decided = (*(each for each in decided if each.name != "user"), user)
        if described and described.features:
            self.notes.append(features_note(described.features))
        workspace = self.workspace(service, described)
        used = [each for each in self.variables.settings() if each.name in made.used.get(name, {})]
        self.notes += made.notes
        self.note_blank(made, name)
        return Blueprint(
            checkout=self.source.root,
            project=project.value,
            service=service,
            companions=tuple(
                made.service(each, project.value, self.variables.lookup, self.system)
                for each in made.drafts
                if each != name and each not in self.builders()
            ),
            workspace=workspace.value,
            compose_files=self.files,
            devcontainer_file=described.path if described else None,
            remote_user=described.remote_user if described else None,
            remote_environment=described.remote_environment if described else {},
            own_command=bool(described and described.keeps_command(self.files)),
            hooks=described.hooks_beside(self.files) if described else {},
            variables=self.variables.decided(),
            settings=(chosen, *decided, workspace, project, *used),
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def read(self) -> Composition:
        return read(self.system, self.files, self.variables.lookup, self.folder, self.source.root)

    def choose_os(self) -> None:
        if self.options.os_name is None:
            return
        variable = self.source.known.os
        if variable is None:
            raise InputError(
                "this project does not say which variable chooses its operating system",
                "set the variable itself by `--set NAME=VALUE`",
            )
        self.variables.decide(variable, self.options.os_name, "--os")

    def choose_person(self, made: Composition, name: str) -> bool:
        """Whether the numbers of the person fill in what shells know by these names and pass on to nobody."""
        machine = self.system.machine
        if machine.is_root():  # whose number is taken in every image
            return False
        numbers = {"UID": machine.user_id(), "GID": machine.group_id()}
        wanted = [
            each
            for each in numbers
            if each in made.used.get(name, {})
            and self.variables.outer(each) is None
            and self.variables.stated(each) is None
        ]
        for each in wanted:
            self.variables.decide(each, str(numbers[each]), "your own number")
        return bool(wanted)

    def choose_service(self, made: Composition) -> Setting:
        """The service that people build in. Raises InputError where it is not clear."""
        known, described = self.source.known, self.source.devcontainer
        there = tuple(made.drafts)
        if self.options.service:
            if self.options.service not in there:
                raise InputError(
                    f"there is no service `{self.options.service}`", f"there are {', '.join(there)}"
                )
            return Setting("service", self.options.service, "--service")
        if self.options.gpu:
            found = next((each for each in known.gpu_services if each in there), None)
            if found is None:
                raise InputError("this checkout has no service for graphics processors", "leave out `--gpu`")
            return Setting("service", found, "--gpu")
        if self.source.stated_by_profile and (found := next((e for e in known.services if e in there), None)):
            return Setting("service", found, self.source.profile)
        if described and described.service in there:
            return Setting("service", described.service or "", self.shown(described.path))
        if described:
            raise InputError(
                f"`{described.path}` names the service `{described.service}`, which is not there"
            )
        if not there:
            raise InputError(f"`{self.shown(self.files[0])}` describes no service")
        mounting = [each for each in there if self.mounts_checkout(made, each)]
        if len(mounting) == 1:
            return Setting("service", mounting[0], "it alone mounts the checkout")
        why = f"{', '.join(mounting)} mount the checkout" if mounting else "no service mounts the checkout"
        raise InputError(
            f"{why}: which one is the dev container cannot be told",
            f"name it by `--service`, one of {', '.join(there)}",
        )

    def mounts_checkout(self, made: Composition, name: str) -> bool:
        return any(
            each.kind == "bind" and _below(self.source.root, each.source) is not None
            for each in made.drafts[name].volumes.values()
        )

    def choose_architecture(self, made: Composition, name: str) -> bool:
        """Decide the variable that the files take their architecture from; whether that changes them."""
        variables = self.source.known.architecture
        if not variables or variables[-1] not in made.used.get(name, {}):
            return False
        asked = asked_platform(self.system, self.options.platform)
        outer = next((said for each in variables if (said := self.variables.outer(each))), None)
        if outer and not self.options.platform:
            self.variables.decide(variables[-1], outer.value, f"{outer.said_by} (`{outer.name}`)")
        elif asked:
            self.variables.decide(variables[-1], architecture_of(asked.value), asked.said_by)
        else:
            return self.take_host_architecture(made, name, variables[-1])
        return True

    def take_host_architecture(self, made: Composition, name: str, variable: str) -> bool:
        host, stated = host_architecture(self.system), self.variables.stated(variable)
        platform = made.drafts[name].scalars.get("platform")
        place = stated.said_by if stated else made.lines.get(("services", name, "platform"), name)
        if platform is None:
            # The images are of one architecture each, which is part of their name.
            if stated and architecture_of(stated.value) != host:
                self.notes.append(f"{place} takes {stated.value}, which this {host} machine has to emulate")
            return False
        if platform.endswith("/"):  # nobody sets it
            self.variables.decide(variable, host, "the host")
            return True
        if (said := architecture_of(platform)) == host:
            return False
        self.variables.decide(variable, host, "the host")
        self.notes.append(
            f"{place} says {said}, and this machine is {host}: it builds for itself;"
            f" `--platform linux/{said}` takes the other"
        )
        return True

    def who_chose_architecture(self, made: Composition, name: str) -> str:
        """Who set the variable that `platform` of the service is made of, where one does that alone."""
        variable = next(iter(self.source.known.architecture[-1:]), "")
        said = {each.name: each.said_by for each in self.variables.settings()}
        platform = made.drafts[name].scalars.get("platform")
        return said.get(variable, "") if platform and variable in made.used.get(name, {}) else ""

    def name_project(self, made: Composition) -> Setting:
        stated, said_by = self.options.project, "--project"
        if not stated:
            stated = self.variables.lookup("COMPOSE_PROJECT_NAME")
            said = {each.name: each.said_by for each in self.variables.settings()}
            said_by = said.get("COMPOSE_PROJECT_NAME", "")
        if not stated:
            said_by = made.lines.get(("name",), "") if made.name else "the folder's name"
        naming = Naming(
            self.folder, stated, made.name, self.source.root if self.source.devcontainer else None
        )
        return Setting("project", _named(self.system, naming), said_by)

    def workspace(self, service: Service, described: Devcontainer | None) -> Setting:
        """Where the checkout lies inside."""
        for each in service.mounts:
            if each.kind == "bind" and (below := _below(self.source.root, each.source)) is not None:
                return Setting(
                    "workspace", posixpath.normpath(posixpath.join(each.target, below)), "its mount"
                )
        self.notes.append(f"`{service.name}` does not mount the checkout: what is built inside stays inside")
        if described and described.workspace:
            return Setting("workspace", described.workspace, self.shown(described.path))
        return Setting("workspace", service.working_dir or "/", "its working directory")

    def described(self, name: str) -> Devcontainer | None:
        """The `devcontainer.json`, where VS Code takes the same service by it."""
        found = self.source.devcontainer
        return found if found and found.service == name else None

    def builders(self) -> tuple[str, ...]:
        known = self.source.known
        return (*known.services, *known.gpu_services) if self.source.stated_by_profile else ()

    def note_blank(self, made: Composition, name: str) -> None:
        for place, variable in made.blank:
            if place[:2] == ("services", name) and place[2:3] and place[2] in _DECIDING:
                self.notes.append(
                    f"nobody sets `{variable}`, which `{place[2]}` of `{name}` names: it counts as empty"
                )

    def shown(self, path: str) -> str:
        return path.removeprefix(f"{self.source.root}/")


def _completed(service: Service, described: Devcontainer) -> Service:
    """The service with what VS Code adds to it from a `devcontainer.json`."""
    mounts = {each.target: each for each in (*service.mounts, *described.mounts)}
    return replace(
        service,
        environment={**service.environment, **described.environment},
        mounts=tuple(mounts.values()),
        user=described.user or service.user,
        init=service.init or described.init,
        privileged=service.privileged or described.privileged,
        cap_add=tuple(dict.fromkeys((*service.cap_add, *described.cap_add))),
        security_opt=tuple(dict.fromkeys((*service.security_opt, *described.security_opt))),
    )


def _named(system: System, naming: Naming) -> str:
    """The project's name; the Compose that is here is asked only where the generations differ."""
    try:
        later = naming.name(2)
    except InputError:
        later = ""
    if later == naming.name(1):
        return later
    found = installed(system)
    return naming.name(found[0].major if found else 2)


def _below(path: str, folder: str) -> str | None:
    """Where `path` lies from `folder` on, None where it lies elsewhere."""
    if path == folder:
        return ""
    start = f"{folder.rstrip('/')}/"
    return path.removeprefix(start) if path.startswith(start) else None
