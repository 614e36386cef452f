// All that is known of one change.
import { html } from "../core/html.js";
import { duration, t } from "../core/language.js";
import { Place } from "../core/editor.js";
import { Frames } from "./frames.js";
import { outcomeMeaning } from "./outcome.js";
import { SourceDifference } from "./difference.js";
import { actionWord, changeWord, leakWord, phaseWord, runningWord } from "./words.js";

/** @param {{event: import("../core/stream.js").Event}} props */
export function Details({ event }) {
  return html`<div class="details">
    <p class="meaning">${outcomeMeaning(event.outcome)}${event.reason && html` <span>${event.reason}</span>`}</p>
    ${event.error && html`<${Fault} error=${event.error} />`}
    <${RudeEdits} edits=${event.rude_edits} />
    <${Running} running=${event.still_running} />
    <${Leaks} leaks=${event.leaks} />
    <${Names} title=${t("Had run before the error")} names=${event.ran_before_failure} />
    <${Changes} changes=${event.changes} />
    <${Config} config=${event.config} />
    <${Registrations} registrations=${event.registrations} />
    <${Names} title=${t("State carried over")} names=${event.carried} />
    <${Names} title=${t("State that could not be carried over")} names=${event.lost} tone="warn" />
    <${Names} title=${t("Forwarded: the old function object calls the new one")} names=${event.forwarded?.map(nameOf)} />
    <${Phases} ms=${event.ms} timings=${event.timings} />
    <${SourceDifference} seq=${event.seq} />
  </div>`;
}

const nameOf = (/** @type {{module: string, qualname: string}} */ ref) => (ref.qualname ? `${ref.module}:${ref.qualname}` : ref.module);

function Section({ title, tone = "", children }) {
  return html`<section class=${tone}><h3>${title}</h3>${children}</section>`;
}

const Fault = ({ error }) => html`<${Section} title=${t("Error")} tone="bad">
  <p><b>${error.type}</b>: ${error.message} ${error.file && html`<${Place} file=${error.file} line=${error.line} />`}</p>
  <${Frames} error=${error} />
<//>`;

function RudeEdits({ edits }) {
  if (!edits.length) return null;
  return html`<${Section} title=${t("Why it could not be patched")} tone="warn">
    <ul>
      ${edits.map(
        (edit, index) => html`<li key=${index}>
          <code>${edit.code}</code> <${Place} file=${edit.file} line=${edit.line} /> ${edit.reason}
          ${edit.cost && html`<span class="dim"> ${edit.cost}</span>`}
        </li>`,
      )}
    </ul>
  <//>`;
}

function Running({ running }) {
  if (!running.length) return null;
  return html`<${Section} title=${t("Still running the old code")} tone="warn">
    <ul>${running.map((one, index) => html`<li key=${index}><code>${nameOf(one.ref)}</code> ${runningWord(one.what)} ${one.name}</li>`)}</ul>
  <//>`;
}

function Leaks({ leaks }) {
  if (!leaks.length) return null;
  return html`<${Section} title=${t("Left behind by the version before")} tone="warn">
    <ul>${leaks.map((leak, index) => html`<li key=${index}>${leakWord(leak.kind)} ${leak.where} <span class="dim">${actionWord(leak.action)}</span></li>`)}</ul>
  <//>`;
}

function Changes({ changes }) {
  if (!changes.length) return null;
  return html`<${Section} title=${t("Definitions")}>
    <ul class="definitions">
      ${changes.map(
        (change, index) => html`<li key=${index} class=${`change ${change.kind}`}>
          <span class="kind">${changeWord(change.kind)}</span> <code>${nameOf(change)}</code>
          <span class="dim"> ${change.lines[0]}${change.lines[1] !== change.lines[0] ? `–${change.lines[1]}` : ""}</span>
        </li>`,
      )}
    </ul>
  <//>`;
}

function Config({ config }) {
  if (!config?.length) return null;
  return html`<${Section} title=${t("Config")}>
    <ul>${config.map((one) => html`<li key=${one.field}><code>${one.field}</code> ${shown(one.old)} → ${shown(one.new)}</li>`)}</ul>
  <//>`;
}

const shown = (/** @type {unknown} */ value) => JSON.stringify(value);

function Registrations({ registrations }) {
  const rows = Object.entries(registrations ?? {}).filter(([, value]) => !Array.isArray(value) || value.length);
  if (!rows.length) return null;
  return html`<${Section} title=${t("Registrations")}>
    <dl>${rows.map(([name, value]) => html`<dt>${changeWord(name)}</dt><dd>${Array.isArray(value) ? value.map(plain).join(", ") : plain(value)}</dd>`)}</dl>
  <//>`;
}

const plain = (/** @type {unknown} */ value) => (typeof value === "string" ? value : JSON.stringify(value));

function Names({ title, names, tone = "" }) {
  if (!names?.length) return null;
  return html`<${Section} title=${title} tone=${tone}>
    <ul class="names">${names.map((name) => html`<li key=${name}><code>${name}</code></li>`)}</ul>
  <//>`;
}

/** Where the time went: a bar of phases. */
function Phases({ ms, timings }) {
  const known = Object.entries(timings ?? {}).map(([name, value]) => /** @type {[string, number]} */ ([phaseWord(name), value]));
  const rest = ms.apply - known.reduce((sum, [, value]) => sum + value, 0);
  const phases = [[t("watching"), ms.watch], ...known, [t("safe point, and other waiting"), rest]].filter(([, value]) => value >= 0.05);
  const whole = phases.reduce((sum, [, value]) => sum + value, 0) || 1;
  return html`<${Section} title=${t("Time")}>
    <svg class="phases" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      ${phases.map(([, value], index) => {
        const before = phases.slice(0, index).reduce((sum, one) => sum + one[1], 0);
        return html`<rect class=${`p${index % 6}`} x=${(before / whole) * 1000} width=${(value / whole) * 1000} height="10" />`;
      })}
    </svg>
    <p class="legend">
      ${phases.map(([name, value], index) => html`<span key=${name}><i class=${`p${index % 6}`}></i>${name} ${duration(value)}</span>`)}
      <span><b>${t("in all")} ${duration(ms.total)}</b></span>
    </p>
  <//>`;
}
