"""The doors as types: what the rest of devtool may ask of the outside.

Imported for checking types only: to build these classes at every start would
cost more than most checks take.
"""

from __future__ import annotations

from devtool.system.conversation import Conversation as Conversation
from devtool.system.doors.clock import Clock as Clock
from devtool.system.doors.console import Console as Console
from devtool.system.doors.files import Files as Files
from devtool.system.doors.machine import Machine as Machine
from devtool.system.doors.network import Network as Network
from devtool.system.doors.process import Process as Process
