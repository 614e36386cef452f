// The plugin's config: a form from its config class beside the TOML itself. Both change one text; saved, it is applied live.
import { html, useEffect, useRef } from "../core/html.js";
import { lastChange, ready } from "../core/store.js";
import { Place } from "../core/editor.js";
import { t } from "../core/language.js";
import { confirm } from "../parts/dialogs.js";
import { Icon } from "../parts/icons.js";
import { base, check, conflict, dirty, discard, form, load, said, save, saving, takeMine, takeTheirs, text, trouble, type, unchecked } from "./config/draft.js";
import { Form } from "./config/form.js";

function Config() {
  useEffect(() => void load(), [lastChange.value?.seq, ready.value?.seq]);
  useEffect(() => {
    const warn = (/** @type {BeforeUnloadEvent} */ event) => dirty.value && event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, []);
  if (!base.value) return html`<p class="empty">${trouble.value || t("Asking the worker …")}</p>`;
  return html`<div class="config">
    <${Tools} />
    ${conflict.value ? html`<${Conflict} />` : html`<${Editors} />`}
  </div>`;
}

function Tools() {
  const problems = said.value?.problems ?? [];
  return html`<div class="tools" role="toolbar" aria-label=${t("Config")}>
    <span class="file"><${Place} file=${base.value.path} line=${1} /></span>
    <span role="status" aria-live="polite" class="standing">
      ${trouble.value && html`<span class="bad">${trouble.value}</span>`}
      ${unchecked.value && html`<span class="warn">${unchecked.value}</span>`}
      ${!unchecked.value && problems.length > 0 && html`<span class="bad">${t("Problems: {count}", { count: problems.length })}</span>`}
      ${!unchecked.value && !problems.length && (dirty.value ? html`<span class="dim">${t("Not saved yet")}</span>` : html`<span class="dim">${t("As on disk")}</span>`)}
    </span>
    <button disabled=${!dirty.value} onClick=${giveUp}><${Icon} name="undo" />${t("Discard")}</button>
    <button class="primary" id="config-save" disabled=${!dirty.value || saving.value || problems.length > 0 || conflict.value !== null} onClick=${() => save()}
      title=${`${t("Save")} (Ctrl+S)`}><${Icon} name="save" />${t("Save")}</button>
  </div>`;
}

async function giveUp() {
  if (await confirm(t("Discard what is not saved?"), t("The text becomes what was read from disk."), t("Discard"))) await discard();
}

/** Ctrl+S, also while one types. @param {KeyboardEvent} event */
function keep(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  void save();
}

function Editors() {
  return html`<div class="sides" onKeyDown=${keep}>
    <div class="side">
      ${form.value ? html`<${Form} form=${form.value} />` : html`<p class="empty">${t("The plugin has no config class, so there is no form for its file.")}</p>`}
    </div>
    <div class="side raw"><${Raw} /></div>
  </div>`;
}

function Raw() {
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const problems = (said.value?.problems ?? []).filter((one) => one.line);
  const go = (/** @type {number} */ line) => {
    const area = /** @type {HTMLTextAreaElement} */ (box.current);
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return html`
    <label class="title" for="config-raw">TOML</label>
    <textarea id="config-raw" ref=${box} spellcheck=${false} autocomplete="off" wrap="off" value=${text.value}
      aria-invalid=${problems.length ? "true" : undefined} aria-describedby="config-problems" onInput=${(event) => type(event.target.value)}></textarea>
    <ul id="config-problems" class="problems">
      ${problems.map((one, index) => html`<li key=${index}>
        <button type="button" class="plain" onClick=${() => go(one.line)}>${t("line {line}", { line: one.line })}</button>
        <span class="problem">${[one.place.join("."), one.message].filter(Boolean).join(": ")}</span>
      </li>`)}
    </ul>`;
}

/** Both texts side by side; nothing is written before one of them is chosen. */
function Conflict() {
  return html`<section class="conflict" role="alert" aria-label=${t("The file has changed on disk")}>
    <p class="warn"><${Icon} name="warning" /> ${t("The file has changed on disk since it was read here. Nothing has been overwritten: choose which one stays.")}</p>
    <div class="sides">
      <div class="side raw">
        <div class="title">${t("Here")} <button id="take-mine" onClick=${takeMine}>${t("Take mine")}</button></div>
        <${Compared} lines=${text.value.split("\n")} others=${conflict.value.text.split("\n")} tone="plus" />
      </div>
      <div class="side raw">
        <div class="title">${t("On disk")} <button id="take-theirs" onClick=${takeTheirs}>${t("Take theirs")}</button></div>
        <${Compared} lines=${conflict.value.text.split("\n")} others=${text.value.split("\n")} tone="minus" />
      </div>
    </div>
  </section>`;
}

/** The lines; those that the other side has not got are marked. */
function Compared({ lines, others, tone }) {
  const known = new Set(others);
  return html`<pre class="lines" tabindex="0">${lines.map((line, index) => html`<div key=${index} class=${known.has(line) ? "" : tone}>${line || " "}</div>`)}</pre>`;
}

export const config = {
  id: "config",
  title: () => t("Config"),
  icon: "config",
  component: Config,
  badge: () => (dirty.value ? { text: "•" } : null),
  keys: () => [
    { key: "s", label: () => t("Save the config"), run: () => dirty.value && save() },
    { key: "t", label: () => t("Go to the text"), run: () => document.getElementById("config-raw")?.focus() },
    { key: "k", label: () => t("Check the config again"), run: check },
  ],
};
