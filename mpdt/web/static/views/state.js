// The running plugin, looked into: what it registers (and calls of it), what it holds, what it runs, how it performs.
import { html } from "../core/html.js";
import { goTo, route } from "../core/routing.js";
import { serves, state as served } from "../core/store.js";
import { t } from "../core/language.js";
import { Components, focusSearch } from "./state/components.js";
import { Tree, refreshTree } from "./state/tree.js";
import { Running } from "./state/running.js";
import { Performance } from "./state/performance.js";

const TABS = [
  { id: "components", title: () => t("Components"), component: Components },
  { id: "values", title: () => t("Values"), component: Tree },
  { id: "running", title: () => t("Running and open"), component: Running },
  { id: "performance", title: () => t("Performance"), component: Performance },
];

const chosen = () => TABS.find((tab) => tab.id === route.value.rest[0]) ?? TABS[0];

function State() {
  const tab = chosen();
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    goTo("state", next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return html`<div class="state">
    <div class="tabs" role="tablist" aria-label=${t("State")} onKeyDown=${move}>
      ${TABS.map(
        (one) => html`<button key=${one.id} id=${`tab-${one.id}`} role="tab" aria-selected=${one === tab} aria-controls="state-panel"
          tabindex=${one === tab ? 0 : -1} onClick=${() => goTo("state", one.id)}>${one.title()}</button>`,
      )}
    </div>
    <div id="state-panel" role="tabpanel" aria-labelledby=${`tab-${tab.id}`}>
      ${serves.value === false || (served.value && !served.value.loaded)
        ? html`<p class="empty">${t("No version of the plugin is loaded: mend the error and save.")}</p>`
        : html`<${tab.component} key=${tab.id} />`}
    </div>
  </div>`;
}

export const state = {
  id: "state",
  title: () => t("State"),
  icon: "tree",
  component: State,
  keys: () => [
    { key: "/", label: () => t("Search the components"), run: () => (goTo("state", "components"), setTimeout(focusSearch)) },
    { key: "c", label: () => t("Components"), run: () => goTo("state", "components") },
    { key: "v", label: () => t("Values"), run: () => goTo("state", "values") },
    { key: "o", label: () => t("Running and open"), run: () => goTo("state", "running") },
    { key: "f", label: () => t("Performance"), run: () => goTo("state", "performance") },
    { key: "u", label: () => t("Read the values again"), run: refreshTree },
  ],
};
