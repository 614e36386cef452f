// How the plugin performs: lag of its loop, memory and calls as charts; each handler before and after each change.
import { html, signal, useEffect } from "../../core/html.js";
import { get } from "../../core/api.js";
import { clock, duration, t } from "../../core/language.js";
import { Chart } from "../../parts/chart.js";
import { outcomeName } from "../../parts/outcome.js";

const EVERY = 1000; // the worker samples once a second while somebody asks
const SHOWN = 120;
const KEPT = 600;

const samples = signal(/** @type {any[]} */ ([]));
const figures = signal(/** @type {any} */ (null));
const trouble = signal("");
/** The number of the change whose two sides are compared; null: the last one. */
const compared = signal(/** @type {number | null} */ (null));

async function ask() {
  if (document.hidden) return;
  try {
    const known = samples.value.at(-1);
    const answer = await get(`/api/performance?since=${known?.number ?? 0}`);
    if (figures.value && figures.value.pid !== answer.pid) samples.value = []; // another process: it numbers anew
    samples.value = [...samples.value, ...answer.samples].slice(-KEPT);
    figures.value = answer;
    trouble.value = "";
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
  }
}

export function Performance() {
  useEffect(() => {
    void ask();
    const timer = setInterval(ask, EVERY);
    return () => clearInterval(timer);
  }, []);
  if (!figures.value) return html`<p class="empty">${trouble.value || t("Asking the worker …")}</p>`;
  const shown = samples.value.slice(-SHOWN);
  return html`<div class="performance">
    ${trouble.value && html`<p class="bad" role="status">${trouble.value}</p>`}
    <div class="charts">
      <${Chart} title=${t("Loop lag")} unit=${duration} values=${shown.map((one) => one.lag)} floor=${20} length=${SHOWN} />
      <${Chart} title=${t("Memory")} unit=${megabytes} values=${shown.map((one) => one.memory)} length=${SHOWN} tone="second" />
      <${Chart} title=${t("Calls in a second")} unit=${String} values=${shown.map((one) => one.calls)} floor=${5} length=${SHOWN} tone="third" />
      <${Chart} title=${t("Errors in a second")} unit=${String} values=${shown.map((one) => one.errors)} floor=${5} length=${SHOWN} tone="bad" />
    </div>
    <${Handlers} periods=${figures.value.periods} />
  </div>`;
}

const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** The period that a change began, beside the one that it ended. */
function Handlers({ periods }) {
  const changes = periods.slice(1);
  const after = changes.find((one) => one.number === compared.value) ?? periods.at(-1);
  const before = periods[periods.indexOf(after) - 1] ?? null;
  const names = [...new Set([...Object.keys(before?.handlers ?? {}), ...Object.keys(after.handlers)])].sort();
  return html`<section class="handlers">
    <h3>${t("Handlers")}
      ${changes.length > 0 &&
      html`<label class="which"><span class="hidden">${t("Before and after the change")}</span>
        <select value=${String(after.number)} onChange=${(event) => (compared.value = Number(event.target.value))}>
          ${[...changes].reverse().map((one) => html`<option key=${one.number} value=${String(one.number)}>${nameOf(one)}</option>`)}
        </select></label>`}
    </h3>
    ${!names.length && html`<p class="dim">${t("Nothing has been called yet.")}</p>`}
    ${names.length > 0 &&
    html`<table>
      <thead>
        <tr><th rowspan="2">${t("Handler")}</th>${before && html`<th colspan="4">${t("before the change")}</th>`}<th colspan="4">${before ? t("since the change") : t("since the start")}</th></tr>
        <tr>${before && html`<${Titles} />`}<${Titles} /></tr>
      </thead>
      <tbody>
        ${names.map((name) => html`<tr key=${name}><td><code>${name}</code></td>${before && html`<${Cells} calls=${before.handlers[name]} />`}<${Cells} calls=${after.handlers[name]} than=${before?.handlers[name]} /></tr>`)}
      </tbody>
    </table>`}
  </section>`;
}

const nameOf = (period) => t("{outcome} at {time}", { outcome: outcomeName(period.change.outcome), time: clock(period.change.at) });

const Titles = () => html`<th class="number">${t("calls")}</th><th class="number">${t("errors")}</th><th class="number">p50</th><th class="number">p95</th>`;

/** Slower by a fifth and more, or failing more often, is marked. */
function Cells({ calls, than }) {
  if (!calls) return html`<td class="number dim">–</td><td class="number dim">–</td><td class="number dim">–</td><td class="number dim">–</td>`;
  const rate = (one) => (one?.calls ? one.errors / one.calls : 0);
  const slower = (name) => (than?.[name] && calls[name] > than[name] * 1.2 && calls[name] - than[name] > 0.1 ? "number warn" : "number");
  return html`<td class="number">${calls.calls}</td>
    <td class=${calls.errors && (!than || rate(calls) > rate(than)) ? "number bad" : "number"}>${calls.errors}</td>
    <td class=${slower("p50")}>${calls.p50 === null ? "" : duration(calls.p50)}</td>
    <td class=${slower("p95")}>${calls.p95 === null ? "" : duration(calls.p95)}</td>`;
}
