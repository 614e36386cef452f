// One log line. What goes over more than one line is folded, a traceback's places lead into the editor.
import { html } from "../core/html.js";
import { clock } from "../core/language.js";
import { Place } from "../core/editor.js";

const TONES = { DEBUG: "dim", WARNING: "warn", ERROR: "bad", CRITICAL: "bad" };
const PLACE = /^\s*File "([^"<]+)", line (\d+)/;
// Loggers colour their lines for terminals: ESC [ ... m
const COLOURS = /\u001b\[[0-9;]*m/g;

/** @param {{event: any}} props */
export function Line({ event }) {
  const [first, ...rest] = event.message.replace(COLOURS, "").split("\n");
  const head = html`<time>${clock(event.time)}</time><span class="level">${event.level}</span><span class="logger">${event.logger}</span>`;
  const tone = TONES[event.level] ?? "";
  if (!rest.length) return html`<div class=${`line ${tone}`} data-seq=${event.seq}>${head}<span class="text">${first}</span></div>`;
  return html`<details class=${`line ${tone}`} data-seq=${event.seq}>
    <summary>${head}<span class="text">${first} <i>${ending(rest)}</i></span></summary>
    <pre>${rest.map((text, index) => html`<${Traced} key=${index} text=${text} />`)}</pre>
  </details>`;
}

/** The last line of a traceback says most. @param {string[]} rest */
const ending = (rest) => rest.findLast((text) => text.trim()) ?? "";

function Traced({ text }) {
  const place = PLACE.exec(text);
  return html`<div>${text}${place && html` <${Place} file=${place[1]} line=${Number(place[2])} />`}</div>`;
}
