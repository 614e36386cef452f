// A part of the conversation becomes a scenario: a file in the plugin's tests that is played after each change.
import { html, signal, useEffect, useRef } from "../core/html.js";
import { post } from "../core/api.js";
import { attempt } from "../core/actions.js";
import { conversation } from "../core/store.js";
import { shortened } from "../core/editor.js";
import { t } from "../core/language.js";
import { announce } from "./notices.js";

/** Numbers of the chosen exchanges; null while nobody chooses. @type {{value: Set<number> | null}} */
const chosen = signal(null);
const name = signal("");

/** The last exchange is chosen already. */
export function startChoosing() {
  const last = conversation.value.findLast((event) => event.event === "message");
  chosen.value = chosen.value ? null : new Set(last ? [last.exchange] : []);
}

export function Chooser({ event }) {
  if (!chosen.value || !event.exchange) return null;
  const toggle = () => {
    const next = new Set(chosen.value);
    if (!next.delete(event.exchange)) next.add(event.exchange);
    chosen.value = next;
  };
  return html`<input type="checkbox" class="chooser" aria-label=${t("into the scenario")} checked=${chosen.value.has(event.exchange)} onChange=${toggle} />`;
}

async function save() {
  const exchanges = [...(chosen.value ?? [])].sort((a, b) => a - b);
  const answer = await attempt(post("/api/scenarios", { name: name.value, exchanges }));
  if (!answer) return;
  chosen.value = null;
  name.value = "";
  announce(t("Saved in {path}.", { path: shortened(answer.path) }));
}

export function SaveScenario() {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const choosing = chosen.value !== null;
  useEffect(() => {
    if (choosing) field.current?.focus();
  }, [choosing]);
  if (!chosen.value) return null;
  return html`<form class="saving" onSubmit=${(event) => { event.preventDefault(); save(); }}>
    <p>${t("Choose what was said, and name it: the replies are what it is held to from then on.")}</p>
    <input ref=${field} aria-label=${t("Name of the scenario")} placeholder=${t("Name of the scenario")} value=${name.value} onInput=${(event) => (name.value = event.target.value)} />
    <button class="primary" disabled=${!name.value.trim() || chosen.value.size === 0}>${t("Save")}</button>
    <button type="button" onClick=${() => (chosen.value = null)}>${t("Cancel")}</button>
  </form>`;
}
