// What the page knows, as signals. It is fed by the event stream and GET /api/state, and nothing else writes to it.
import { computed, signal } from "./html.js";
import { get } from "./api.js";
import { appended, emptyRows } from "./rows.js";

/** @typedef {import("./stream.js").Event} Event */

export const LOG_ROWS = 2000; // in the page; the server has them all
const ENTRIES = 500;

/** GET /api/state, asked again after every change. */
export const state = signal(/** @type {any} */ (null));
/** The last "ready" event. */
export const ready = signal(/** @type {Event | null} */ (null));
/** "reload", "ready", "mode", "scenarios" and "stopped" events, oldest first. */
export const timeline = signal(/** @type {Event[]} */ ([]));
/** "message" and "replay" events, oldest first. */
export const conversation = signal(/** @type {Event[]} */ ([]));
/** Log lines. */
export const log = signal(emptyRows());
/** How many log lines and events were taken since the page was opened. */
export const taken = { events: 0, logs: 0 };

/** The last change that says how things stand. */
export const lastChange = computed(() => timeline.value.findLast((event) => event.event === "reload") ?? null);

/** What is wrong now: the error of the last change, or of the start; null once it is mended. */
export const trouble = computed(() => {
  const event = timeline.value.findLast((one) => one.event === "reload" || one.event === "ready");
  if (!event?.error) return null;
  const bad = event.event === "ready" ? !event.loaded : event.outcome === "rejected" || event.outcome === "failed";
  return bad ? event : null;
});

/** "patch-live" or "reload". */
export const mode = computed(() => {
  const event = timeline.value.findLast((one) => one.event === "mode" || one.event === "ready");
  return event?.mode ?? state.value?.mode ?? "reload";
});

/** Is the last message sent again after each change? */
export const replays = computed(() => {
  const event = timeline.value.findLast((one) => one.event === "mode" && "replay" in one);
  return event?.replay ?? state.value?.replay ?? false;
});

/** Does a version of the plugin serve? */
export const serves = computed(() => {
  const event = timeline.value.findLast((one) => one.event === "reload" || one.event === "ready");
  if (!event) return null;
  return event.event === "ready" ? event.loaded : event.outcome !== "failed";
});

const TIMELINE = new Set(["reload", "ready", "mode", "scenarios", "stopped"]);
const CONVERSATION = new Set(["message", "replay"]);
const CHANGES_STATE = new Set(["reload", "ready", "mode"]);

/** Lines that came and are not shown yet: a flood is drawn a few times a second, not line by line. */
let waiting = /** @type {Event[]} */ ([]);
let drawing = 0;
const DRAW_EVERY = 120; // ms, at most that often
const DRAW_AT_LEAST = 1000;
const SHARE = 5; // of a page's time drawing takes no more than one part in so many, however slow the machine is

function draw() {
  drawing = 0;
  if (!waiting.length) return;
  log.value = appended(log.value, waiting.slice(-LOG_ROWS), LOG_ROWS);
  waiting = [];
  if (document.hidden) {
    drawing = window.setTimeout(draw, DRAW_AT_LEAST);
    return;
  }
  const began = performance.now();
  // After the frame that shows the lines: now it is known what they cost.
  drawing = requestAnimationFrame(() => {
    drawing = window.setTimeout(() => {
      const rest = (performance.now() - began) * (SHARE - 1);
      drawing = window.setTimeout(draw, Math.min(Math.max(rest, DRAW_EVERY), DRAW_AT_LEAST));
    });
  });
}

/** @param {Event[]} events */
export function take(events) {
  const logs = events.filter((event) => event.event === "log");
  waiting.push(...logs);
  if (!drawing) draw();
  add(timeline, events.filter((event) => TIMELINE.has(event.event)));
  add(conversation, events.filter((event) => CONVERSATION.has(event.event)));
  const start = events.findLast((event) => event.event === "ready");
  if (start) ready.value = start;
  taken.events += events.length;
  taken.logs += logs.length;
  if (events.some((event) => CHANGES_STATE.has(event.event))) refreshState();
}

function add(kept, events) {
  if (events.length) kept.value = [...kept.value, ...events].slice(-ENTRIES);
}

export function reset() {
  timeline.value = [];
  conversation.value = [];
  log.value = emptyRows();
  waiting = [];
  ready.value = null;
}

let asking = 0;

/** Asks for the state, once for all that happens within a moment. A page that nobody sees waits until it is seen. */
export function refreshState() {
  if (asking || document.hidden) return;
  asking = window.setTimeout(async () => {
    asking = 0;
    try {
      state.value = await get("/api/state");
    } catch {
      // The stream says that the server is gone; the state is asked for again when it is back.
    }
  }, 60);
}

document.addEventListener("visibilitychange", refreshState);
