"""What a plugin sees of the bot itself: states, manifests, its models' configuration, its HTTP server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mpdt.worker.cores import Stimulus, StimulusKind
from tests.tool.worker_kit import Hosted, loaded, make_plugin

MANIFEST: dict[str, Any] = {
    "name": "probe",
    "version": "2.1.0",
    "description": "Looks.",
    "author": "somebody",
    "dependencies": {"plugins": [], "components": []},
    "entry_point": "plugin.py",
    "include": [{"component_type": "service", "component_name": "views"}],
}
# What is said here was seen in Neo-MoFox 1.2 with the same plugin.
PLUGIN = """
from src.app.plugin_system.base import BasePlugin, BaseRouter, BaseService, register_plugin
from src.core.components.loader import load_manifest
from src.core.components.state_manager import get_global_state_manager
from src.core.components.types import ComponentState
from src.core.config import get_model_config
from src.core.config.model_config import ModelTasksSection
from src.core.managers import get_plugin_manager, get_service_manager
from src.core.transport.router.http_server import get_http_server


class Pages(BaseRouter):
    router_name = "pages"
    router_description = "Pages."

    def register_endpoints(self):
        @self.app.get("/word")
        async def word():
            return {"word": "here"}


class Stubborn(BaseService):
    service_name = "stubborn"

    def __init__(self, owner):
        super().__init__(owner)


class Views(BaseService):
    service_name = "views"

    def states(self):
        states = get_global_state_manager()
        before = {signature: state.value for signature, state in states.get_all_states().items()}
        states.set_state("probe:service:views", ComponentState.INACTIVE)
        told = states.get_state("probe:service:views").value, states.get_components_by_state(ComponentState.INACTIVE)
        gone = states.remove_state("probe:service:views"), states.remove_state("probe:service:views")
        return [before, told, gone, states.get_state("no:service:x").value]

    def data(self):
        states = get_global_state_manager()
        states.set_runtime_data("s", "k", 1)
        return [
            states.get_runtime_data("s", "k"), states.get_runtime_data("s", "z", 5), states.get_all_runtime_data("s"),
            states.get_all_runtime_data("none"), states.remove_runtime_data("s", "z"), states.remove_runtime_data("s"),
            states.remove_runtime_data("s"),
        ]

    async def manifests(self):
        plugins = get_plugin_manager()
        mine = plugins.get_manifest("probe")
        path = plugins.get_plugin_path("probe")
        return [
            [mine.author, mine.version, mine.min_core_version, mine.include[0].component_name, mine.include[0].enabled],
            plugins._plugin_paths == {"probe": path}, plugins._failed_plugins, list(plugins._loaded_plugins),
            (await load_manifest(path)).name, await load_manifest(path + "/nowhere"),
        ]

    def models(self):
        config = get_model_config()
        return [list(ModelTasksSection.model_fields), config.model_tasks.actor.model_list, sorted(config.models_dict)]

    def server(self):
        server = get_http_server()
        return [
            server.host, server.port, server.is_running(), server.get_base_url(),
            [route.path for route in server.app.routes if "router" in route.path],
            [route.path for route in server.app.routes if "router" in route.path],
        ]

    def other(self):
        return get_service_manager().get_service("probe:service:stubborn") is None


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"

    def get_components(self):
        return [Views, Stubborn, Pages]
"""


async def asked(host: Hosted, method: str) -> Any:
    driven = await host.mini_core.drive(Stimulus(StimulusKind.SERVICE, f"views.{method}", {}))
    assert driven.error is None, driven.error.traceback
    return driven.result


def probe(tmp_path: Path) -> Path:
    return make_plugin(tmp_path, {"plugin.py": PLUGIN}, **MANIFEST)


async def test_states_are_those_of_what_is_registered_until_they_are_told(tmp_path: Path) -> None:
    async with loaded(probe(tmp_path)) as host:
        kinds = ("service:views", "service:stubborn", "router:pages", "plugin:probe")
        before, told, gone, unknown = await asked(host, "states")
        assert before == {f"probe:{one}": "active" for one in kinds}
        assert told == ["inactive", ["probe:service:views"]]
        assert (gone, unknown) == ([True, False], "unloaded")
        assert await asked(host, "data") == [1, 5, {"k": 1}, {}, False, True, False]


async def test_the_manifest_is_that_of_the_file(tmp_path: Path) -> None:
    async with loaded(probe(tmp_path)) as host:
        mine, *rest = await asked(host, "manifests")
        assert mine == ["somebody", "2.1.0", "3.0.0", "views", True]
        assert rest == [True, {}, ["probe"], "probe", None]


async def test_the_models_have_a_configuration(tmp_path: Path) -> None:
    tasks = ["utils", "utils_small", "actor", "sub_actor", "vlm", "voice", "video", "tool_use", "embedding"]
    async with loaded(probe(tmp_path)) as host:
        assert await asked(host, "models") == [tasks, ["mpdt"], ["mpdt"]]


async def test_the_http_server_has_the_routers_and_listens_nowhere(tmp_path: Path) -> None:
    async with loaded(probe(tmp_path)) as host:
        host_name, port, running, url, *mounted = await asked(host, "server")
        assert (host_name, port, running, url) == ("127.0.0.1", 8000, False, "http://127.0.0.1:8000")
        assert mounted == [["/router/pages"]] * 2


async def test_a_service_that_takes_no_plugin_is_not_made_and_told(tmp_path: Path) -> None:
    """The real core gives it by name."""
    async with loaded(probe(tmp_path)) as host:
        assert await asked(host, "other") is True
        assert host.logged("Service probe:service:stubborn cannot be made: TypeError")
