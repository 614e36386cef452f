// What the plugin registers, with a form for each way in which it can be called.
import { html, signal, useEffect, useMemo, useState } from "../../core/html.js";
import { get } from "../../core/api.js";
import { goTo, route } from "../../core/routing.js";
import { Place } from "../../core/editor.js";
import { t } from "../../core/language.js";
import { Icon } from "../../parts/icons.js";
import { useAsked } from "./asked.js";
import { Call } from "./call.js";

const wanted = signal("");

export const focusSearch = () => document.getElementById("component-search")?.focus();

/** Components, then the events and schedules, as rows of one list.
 * @param {any} answer */
function rowsOf(answer) {
  const components = answer.components.map((one) => ({ ...one, id: `${one.kind}:${one.name}`, group: one.kind }));
  const schedules = answer.schedules.map((one) => ({ id: `schedule:${one.name}`, group: "schedule", kind: "schedule", name: one.name, calls: [one], facts: one.schedule }));
  const events = answer.events.map((one) => ({ id: `event:${one.name}`, group: "event", kind: "event", name: one.name, calls: [one], quiet: !one.heard }));
  // Events that somebody listens to come first.
  return [...components, ...schedules, ...events.filter((one) => !one.quiet), ...events.filter((one) => one.quiet)];
}

const matches = (row, words) => words.every((word) => `${row.kind} ${row.name} ${row.description ?? ""} ${row.class ?? ""}`.toLowerCase().includes(word));

export function Components() {
  const { answer, error } = useAsked(() => get("/api/components"));
  const rows = useMemo(() => (answer ? rowsOf(answer) : []), [answer]);
  if (!answer) return html`<p class="empty">${error || t("Asking the worker …")}</p>`;
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => matches(row, words));
  const open = rows.find((row) => row.id === route.value.rest[1]) ?? null;
  return html`<div class=${open ? "split open" : "split"}>
    <div class="choose">
      <div class="tools">
        <label class="field"><${Icon} name="search" />
          <input id="component-search" type="search" placeholder=${t("Search the components")} aria-label=${t("Search the components")}
            value=${wanted.value} onInput=${(event) => (wanted.value = event.target.value)} />
        </label>
      </div>
      <${Rows} rows=${shown} open=${open} />
      ${!shown.length && html`<p class="empty">${rows.length ? t("Nothing fits.") : t("The plugin registers nothing.")}</p>`}
    </div>
    <div class="chosen">
      ${open ? html`<${Details} key=${open.id} row=${open} />` : html`<p class="empty">${t("Choose a component to see its schema and to call it.")}</p>`}
    </div>
  </div>`;
}

function Rows({ rows, open }) {
  const groups = [...new Set(rows.map((row) => row.group))];
  return html`<div class="groups">
    ${groups.map(
      (group) => html`<section key=${group} aria-label=${group}>
        <h3>${group}</h3>
        <ul>
          ${rows.filter((row) => row.group === group).map(
            (row) => html`<li key=${row.id}>
              <a class=${row.quiet ? "row dim" : "row"} href=${`#/state/components/${encodeURIComponent(row.id)}`} aria-current=${row === open ? "true" : undefined}>
                <code>${row.name}</code> <span class="dim">${row.description ?? ""}</span>
              </a>
            </li>`,
          )}
        </ul>
      </section>`,
    )}
  </div>`;
}

function Details({ row }) {
  const [index, setIndex] = useState(0);
  useEffect(() => setIndex(0), [row.id]);
  const call = row.calls[Math.min(index, row.calls.length - 1)];
  return html`<article>
    <header>
      <button class="back" onClick=${() => goTo("state", "components")}>${t("All components")}</button>
      <h2><code>${row.name}</code> <span class="dim">${row.kind}</span></h2>
      ${row.description && html`<p>${row.description}</p>`}
      <${Facts} row=${row} />
      ${row.undescribed && html`<p class="bad">${t("How it is called cannot be told: {error}", { error: row.undescribed })}</p>`}
    </header>
    ${row.calls.length > 1 &&
    html`<p class="which"><label for="which-call">${t("Call")}</label>
      <select id="which-call" value=${String(index)} onChange=${(event) => setIndex(Number(event.target.value))}>
        ${row.calls.map((one, at) => html`<option key=${at} value=${String(at)}>${one.title}</option>`)}
      </select>
    </p>`}
    ${call && html`<${Call} key=${`${row.id} ${call.title}`} call=${call} permission=${row.permission} known=${row.description} />`}
    ${row.schema && html`<details class="schema"><summary>${t("Schema")}</summary><pre>${JSON.stringify(row.schema, null, 2)}</pre></details>`}
  </article>`;
}

function Facts({ row }) {
  const facts = [
    row.file && [t("Code"), html`<${Place} file=${row.file} line=${row.line} />`],
    row.class && [t("Class"), html`<code>${row.class}</code>`],
    row.permission && [t("Permission"), row.permission],
    ...Object.entries(row.metadata ?? {}).map(([name, value]) => [name, plain(value)]),
    ...Object.entries(row.facts ?? {}).filter(([, value]) => value !== null).map(([name, value]) => [name, plain(value)]),
  ].filter(Boolean);
  return facts.length ? html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>` : null;
}

const plain = (/** @type {any} */ value) => (Array.isArray(value) ? value.map(plain).join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value));
