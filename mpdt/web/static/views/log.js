// What the plugin and the server log, as it comes. The page keeps the last lines; the server has them all.
import { classes, html, signal, useEffect, useMemo, useRef, useState } from "../core/html.js";
import { log as rows } from "../core/store.js";
import { remembered } from "../core/preferences.js";
import { get } from "../core/api.js";
import { attempt } from "../core/actions.js";
import { clock, t } from "../core/language.js";
import { announce } from "../parts/notices.js";
import { Icon } from "../parts/icons.js";
import { Line } from "../parts/logline.js";

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"];
const RANK = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 };

const level = remembered("log.level", "INFO");
const logger = signal("");
const wanted = signal("");
/** The rows at which the view was paused; null while it follows. */
const frozen = signal(/** @type {import("../core/rows.js").Rows | null} */ (null));
/** Older lines, asked of the server. */
const earlier = signal(/** @type {any[]} */ ([]));

/** @typedef {{level: string, logger: string, wanted: string}} Filter */

/** @param {Filter} filter @param {any} event */
const passes = (filter, event) =>
  (RANK[event.level] ?? 1) >= RANK[filter.level] &&
  (!filter.logger || event.logger === filter.logger) &&
  (!filter.wanted || `${event.logger} ${event.message}`.toLowerCase().includes(filter.wanted));

function Log() {
  const shown = frozen.value ?? rows.value;
  const filter = useMemo(
    () => ({ level: level.value, logger: logger.value, wanted: wanted.value.toLowerCase() }),
    [level.value, logger.value, wanted.value],
  );
  return html`<div class="log">
    <${Tools} shown=${shown} filter=${filter} />
    <${List} shown=${shown} filter=${filter} />
  </div>`;
}

function Tools({ shown, filter }) {
  const loggers = [...new Set(shown.blocks.flatMap((block) => block.rows.map((event) => event.logger)))].sort();
  const held = frozen.value ? rows.value.count - frozen.value.count : 0;
  return html`<div class="tools" role="toolbar" aria-label=${t("Log")}>
    <label class="field"><${Icon} name="search" />
      <input id="log-search" type="search" placeholder=${t("Search")} aria-label=${t("Search")} value=${wanted.value}
        onInput=${(event) => (wanted.value = event.target.value)} />
    </label>
    <select aria-label=${t("Lowest level")} value=${level.value} onChange=${(event) => (level.value = event.target.value)}>
      ${LEVELS.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
    </select>
    <select aria-label=${t("Logger")} value=${logger.value} onChange=${(event) => (logger.value = event.target.value)}>
      <option value="">${t("all loggers")}</option>
      ${loggers.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
    </select>
    <button aria-pressed=${frozen.value !== null} onClick=${togglePause} title=${`${t("Pause")} (Space)`}>
      <${Icon} name=${frozen.value ? "play" : "pause"} /><span>${frozen.value ? t("Go on") : t("Pause")}</span>
      ${held > 0 && html`<b class="badge">${held}</b>`}
    </button>
    <button onClick=${() => copy(shown, filter)} title=${`${t("Copy what is shown")} (y)`}><${Icon} name="copy" /><span class="wide">${t("Copy")}</span></button>
  </div>`;
}

function List({ shown, filter }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [following, setFollowing] = useState(true);
  useEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = /** @type {HTMLElement} */ (box.current);
    setFollowing(scrollHeight - scrollTop - clientHeight < 24);
  };
  const blocks = following ? tail(shown.blocks, filter) : shown.blocks;
  return html`<div class=${classes("rows", following && "following")} ref=${box} onScroll=${onScroll} tabindex="0" role="log" aria-live="off" aria-label=${t("Log lines")}>
    ${blocks.length === shown.blocks.length && html`<${Earlier} shown=${shown} filter=${filter} />`}
    ${blocks.map((block) => html`<${Block} key=${block.id} block=${block} filter=${filter} />`)}
    ${shown.count === 0 && html`<p class="empty">${t("Nothing has been logged yet.")}</p>`}
  </div>`;
}

const TAIL = 150; // rows: more than a screen has
/** What passes of each block. @type {WeakMap<Filter, WeakMap<import("../core/rows.js").Block, any[]>>} */
const passed = new WeakMap();

/** @param {import("../core/rows.js").Block} block @param {Filter} filter */
function passing(block, filter) {
  const known = passed.get(filter) ?? new WeakMap();
  passed.set(filter, known);
  const rows = known.get(block) ?? block.rows.filter((event) => passes(filter, event));
  known.set(block, rows);
  return rows;
}

/** The last blocks that fill a screen: whoever follows sees no more, and a flood of lines costs no more than those.
 * @param {import("../core/rows.js").Block[]} blocks @param {Filter} filter */
function tail(blocks, filter) {
  let count = 0;
  let from = blocks.length;
  while (from > 0 && count < TAIL) count += passing(blocks[--from], filter).length;
  return blocks.slice(from);
}

/** A block whose rows and filter are the same as before is not looked at again. */
function Block({ block, filter }) {
  return useMemo(
    () => html`<div class="block">${passing(block, filter).map((event) => html`<${Line} key=${event.seq} event=${event} />`)}</div>`,
    [block, filter],
  );
}

/** Lines that have left the page are had from the server, with the same filter. */
function Earlier({ shown, filter }) {
  const first = earlier.value[0]?.seq ?? shown.blocks[0]?.rows[0]?.seq ?? 1;
  const load = async () => {
    const query = new URLSearchParams({ before: String(first), limit: "500", level: filter.level, logger: filter.logger, search: filter.wanted });
    const answer = await attempt(get(`/api/logs?${query}`));
    if (answer?.logs.length) earlier.value = [...answer.logs, ...earlier.value];
    else if (answer) announce(t("There are no earlier lines."));
  };
  return html`
    ${first > 1 && html`<button class="plain more" onClick=${load}>${t("Earlier lines")}</button>`}
    ${earlier.value.filter((event) => passes(filter, event)).map((event) => html`<${Line} key=${event.seq} event=${event} />`)}
  `;
}

const togglePause = () => {
  frozen.value = frozen.value ? null : rows.value;
};

async function copy(shown, filter) {
  const lines = shown.blocks.flatMap((block) => block.rows).filter((event) => passes(filter, event));
  const text = lines.map((event) => `${clock(event.time)} ${event.level} ${event.logger}: ${event.message}`).join("\n");
  await navigator.clipboard.writeText(text);
  announce(t("{count} lines copied.", { count: lines.length }));
}

/** @param {string} name */
const setLevel = (name) => () => {
  level.value = name;
};

export const log = {
  id: "log",
  title: () => t("Log"),
  icon: "log",
  component: Log,
  keys: () => [
    { key: "/", label: () => t("Search"), run: () => document.getElementById("log-search")?.focus() },
    { key: " ", label: () => t("Pause"), run: togglePause },
    { key: "y", label: () => t("Copy what is shown"), run: () => copy(frozen.value ?? rows.value, { level: level.value, logger: logger.value, wanted: wanted.value.toLowerCase() }) },
    { key: "e", label: () => t("Errors only"), run: setLevel("ERROR") },
    { key: "i", label: () => t("Everything from INFO"), run: setLevel("INFO") },
  ],
};
