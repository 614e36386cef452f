// What the plugin started and opened, from the worker's ledger, and who listens to which event.
import { html } from "../../core/html.js";
import { get } from "../../core/api.js";
import { state } from "../../core/store.js";
import { Place } from "../../core/editor.js";
import { t } from "../../core/language.js";
import { useAsked } from "./asked.js";

const EVERY = 3000;

/** The kinds in words. */
const KINDS = {
  task: () => t("Tasks"),
  timer: () => t("Timers"),
  thread: () => t("Threads"),
  executor: () => t("Pools"),
  server: () => t("Servers"),
  session: () => t("HTTP clients"),
  socket: () => t("Sockets"),
  file: () => t("Files"),
  subprocess: () => t("Child processes"),
  database: () => t("Databases"),
  "event handler": () => t("Event handlers"),
  "exit handler": () => t("Exit handlers"),
  "signal handler": () => t("Signal handlers"),
  "log handler": () => t("Log handlers"),
  reader: () => t("Readers of the loop"),
};

export function Running() {
  const { answer, error } = useAsked(() => get("/api/held"), EVERY);
  if (!answer) return html`<p class="empty">${error || t("Asking the worker …")}</p>`;
  const kinds = [...new Set(answer.holdings.map((one) => one.kind))];
  return html`<div class="running">
    ${error && html`<p class="bad" role="status">${error}</p>`}
    ${!kinds.length && html`<p class="empty">${t("Nothing of the plugin's runs or is open.")}</p>`}
    ${kinds.map((kind) => html`<${Things} key=${kind} title=${KINDS[kind]?.() ?? kind} things=${answer.holdings.filter((one) => one.kind === kind)} />`)}
    <${Subscriptions} subscriptions=${answer.subscriptions} />
  </div>`;
}

function Things({ title, things }) {
  return html`<section>
    <h3>${title} <span class="badge">${things.length}</span></h3>
    <table>
      <thead><tr><th>${t("Name")}</th><th>${t("Started at")}</th><th>${t("Stands at")}</th><th class="number">${t("For")}</th></tr></thead>
      <tbody>
        ${things.map(
          (one, index) => html`<tr key=${index}>
            <td><code>${one.name}</code></td>
            <td>${one.place && html`<${Place} ...${placeOf(one.place)} />`}</td>
            <td class="dim">${one.stands ? html`<${Stands} text=${one.stands} />` : ""}</td>
            <td class="number">${one.due !== null ? t("in {time}", { time: spell(one.due) }) : one.age !== null ? spell(one.age) : ""}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** `file.py:12 in beat`. */
function Stands({ text }) {
  const [place, ...rest] = text.split(" in ");
  return html`<${Place} ...${placeOf(place)} />${rest.length ? ` ${rest.join(" in ")}` : ""}`;
}

/** The worker names places below the plugin's folder; the editor wants whole paths. @param {string} place */
function placeOf(place) {
  const [, file, line] = place.match(/^(.*):(\d+)$/) ?? [null, place, "0"];
  const whole = /^([/\\]|[A-Za-z]:)/.test(file);
  return { file: whole || !state.value?.path ? file : `${state.value.path}/${file}`, line: Number(line) };
}

function Subscriptions({ subscriptions }) {
  if (!subscriptions.length) return null;
  return html`<section>
    <h3>${t("Event handlers")} <span class="badge">${subscriptions.length}</span></h3>
    <table>
      <thead><tr><th>${t("Event")}</th><th>${t("Handler")}</th><th class="number">${t("Priority")}</th></tr></thead>
      <tbody>
        ${subscriptions.map((one, index) => html`<tr key=${index}><td><code>${one.event}</code></td><td><code>${one.handler}</code></td><td class="number">${one.priority}</td></tr>`)}
      </tbody>
    </table>
  </section>`;
}

/** 4 s, 3 min 20 s, 2 h 5 min @param {number} seconds */
export function spell(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 60) return t("{count} s", { count: whole });
  if (whole < 3600) return t("{minutes} min {seconds} s", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  return t("{hours} h {minutes} min", { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60) });
}
