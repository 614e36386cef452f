// Whose page this is, how things stand, and what can be done about it.
import { html, signal } from "../core/html.js";
import { clearState, refresh, reloadWhole, restart, toggleMode } from "../core/actions.js";
import { locked } from "../core/api.js";
import { connection } from "../core/stream.js";
import { mode, ready, serves, state } from "../core/store.js";
import { language, nextLanguage, nextTheme } from "../core/preferences.js";
import { t } from "../core/language.js";
import { showKeys } from "./dialogs.js";
import { Icon } from "./icons.js";

const open = signal(false);

export function Header() {
  const now = state.value ?? ready.value;
  return html`<header class="top">
    <div class="who">
      <${Light} />
      <h1>${now?.plugin ?? "mpdt"}</h1>
      <span class="dim wide">${now && [t("core {core}", { core: now.core }), `Python ${now.python}`].join(" · ")}</span>
    </div>
    <div class="controls" role="toolbar" aria-label=${t("Controls")}>
      <button
        role="switch"
        class="switch"
        aria-checked=${mode.value === "patch-live"}
        title=${`${t("Patch live, or reload at every save")} (p)`}
        onClick=${toggleMode}
      >
        <${Icon} name="bolt" /><span>${t("Patch live")}</span><i></i>
      </button>
      <button title=${`${t("Reload the whole plugin")} (R)`} onClick=${reloadWhole}>
        <${Icon} name="reload" /><span class="wide">${t("Reload")}</span>
      </button>
      <${Menu} />
    </div>
  </header>`;
}

function Light() {
  const [tone, text] = standing();
  return html`<span class=${`light ${tone}`} title=${text}><span class="hidden">${text}</span></span>`;
}

/** @returns {[string, string]} */
function standing() {
  if (locked.value) return ["bad", t("The server was started anew: open the address that it printed.")];
  if (connection.value === "connecting") return ["dim", t("Connecting.")];
  if (connection.value === "lost") return ["warn", t("The server does not answer; trying again.")];
  if (serves.value === null) return ["dim", t("Loading.")];
  return serves.value ? ["good", t("The plugin is loaded.")] : ["bad", t("No version of the plugin is serving.")];
}

function Menu() {
  const choose = (/** @type {() => unknown} */ action) => () => {
    open.value = false;
    action();
  };
  /** @type {[string, string, string, () => unknown][]} */
  const items = [
    ["refresh", t("Compare with the disk"), "r", refresh],
    ["broom", t("Clear state"), "C", clearState],
    ["power", t("Restart the worker"), "W", restart],
    ["moon", t("Theme"), "d", nextTheme],
    ["globe", language.value === "en" ? "中文" : "English", "l", nextLanguage],
    ["help", t("Keys"), "?", showKeys],
  ];
  return html`<div
    class="menu"
    onKeyDown=${(event) => {
      if (event.key === "Escape") open.value = false;
    }}
    onFocusOut=${(event) => {
      if (!event.currentTarget.contains(event.relatedTarget)) open.value = false;
    }}
  >
    <button aria-haspopup="true" aria-expanded=${open.value} aria-label=${t("More")} onClick=${() => (open.value = !open.value)}>
      <${Icon} name="more" />
    </button>
    ${open.value &&
    html`<ul>
      ${items.map(
        ([icon, label, key, action]) => html`<li key=${key}>
          <button onClick=${choose(action)}><${Icon} name=${icon} /><span>${label}</span><kbd>${key}</kbd></button>
        </li>`,
      )}
    </ul>`}
  </div>`;
}
