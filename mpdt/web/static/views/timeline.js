// Every save with what became of it, newest first.
import { html, useEffect, useRef } from "../core/html.js";
import { goTo, route } from "../core/routing.js";
import { timeline as events } from "../core/store.js";
import { clock, duration, t } from "../core/language.js";
import { Outcome } from "../parts/outcome.js";
import { Details } from "../parts/details.js";

const SHOWN_NAMES = 4;

function Timeline() {
  const chosen = Number(route.value.rest[0] ?? 0);
  const entries = events.value.toReversed();
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (chosen) list.current?.querySelector(`[data-seq="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  if (entries.length === 0) return html`<p class="empty">${t("Nothing has changed yet. Save a file of the plugin.")}</p>`;
  return html`<ol class="timeline" ref=${list}>
    ${entries.map((event) => html`<${Entry} key=${event.seq} event=${event} open=${event.seq === chosen} />`)}
  </ol>`;
}

function Entry({ event, open }) {
  if (event.event !== "reload") return html`<li class="entry note" data-seq=${event.seq}><${Note} event=${event} /></li>`;
  const toggle = () => (open ? goTo("timeline") : goTo("timeline", String(event.seq)));
  return html`<li class=${open ? "entry open" : "entry"} data-seq=${event.seq} data-outcome=${event.outcome}>
    <button class="summary" aria-expanded=${open} onClick=${toggle}>
      <time>${clock(event.time)}</time>
      <${Outcome} outcome=${event.outcome} />
      <span class="what"><b>${event.files.join(", ") || t("by hand")}</b> <span class="dim">${subtitle(event)}</span></span>
      <${Marks} event=${event} />
      <span class="ms">${duration(event.ms.total)}</span>
    </button>
    ${open && html`<${Details} event=${event} />`}
  </li>`;
}

/** What stands behind the files: the reason, the error, or the definitions. */
function subtitle(event) {
  if (event.error) return `${event.error.type}: ${event.error.message}`;
  if (event.reason) return event.reason;
  if (event.rude_edits.length) return event.rude_edits[0].reason;
  const names = event.changes.filter((change) => change.kind !== "moved").map((change) => change.qualname || change.module);
  const more = names.length - SHOWN_NAMES;
  return names.slice(0, SHOWN_NAMES).join(", ") + (more > 0 ? ` ${t("and {count} more", { count: more })}` : "");
}

/** Counts of what a developer should look at. */
function Marks({ event }) {
  const marks = [
    [event.rude_edits.length, "warn", t("rude edits")],
    [event.still_running.length, "warn", t("still running old code")],
    [event.leaks.length, "warn", t("leaks")],
  ];
  return html`<span class="marks">
    ${marks.filter(([count]) => count).map(([count, tone, name]) => html`<span class=${`mark ${tone}`} key=${name}>${count} ${name}</span>`)}
  </span>`;
}

function Note({ event }) {
  const said = {
    ready: () => (event.loaded ? t("started, plugin loaded") : t("started, the plugin did not load")),
    mode: () => ("replay" in event ? replayed(event) : event.mode === "patch-live" ? t("from here saves are patched live") : t("from here every save reloads the plugin")),
    stopped: () => t("stopped"),
    scenarios: () => played(event),
  }[event.event];
  return html`<time>${clock(event.time)}</time><span class=${event.failed || event.error ? "bad" : "dim"}>${said?.()}</span>
    ${event.event === "ready" && html`<span class="ms">${duration(event.ms)}</span>`}`;
}

function played(event) {
  if (event.error) return event.error;
  const failed = event.results.filter((one) => one.outcome !== "passed").map((one) => one.name);
  const counts = t("scenarios: {passed} passed, {failed} failed", { passed: event.passed, failed: event.failed });
  return failed.length ? `${counts} (${failed.slice(0, SHOWN_NAMES).join(", ")})` : counts;
}

const replayed = (event) => (event.replay ? t("from here the last message is sent again after each change") : t("from here no message is sent again"));

/** Opens the entry beside the open one. @param {number} step */
function move(step) {
  const seqs = events.value.filter((event) => event.event === "reload").map((event) => event.seq).toReversed();
  const at = seqs.indexOf(Number(route.value.rest[0]));
  const next = seqs[at < 0 ? 0 : Math.min(Math.max(at + step, 0), seqs.length - 1)];
  if (next) goTo("timeline", String(next));
}

export const timeline = {
  id: "timeline",
  title: () => t("Timeline"),
  icon: "timeline",
  component: Timeline,
  keys: () => [
    { key: "j", label: () => t("The entry below"), run: () => move(1) },
    { key: "k", label: () => t("The entry above"), run: () => move(-1) },
  ],
};
