// A line over time as inline SVG: small, without axes; its last and highest values are said in words beside it.
import { html } from "../core/html.js";
import { t } from "../core/language.js";

const WIDTH = 600;
const HEIGHT = 64;

/** @param {{title: string, unit: (value: number) => string, values: (number | null)[], floor?: number, tone?: string, length: number}} props
 * `floor`: the least that the top of the chart stands for; `length`: how many values the whole width has room for */
export function Chart({ title, unit, values, floor = 0, tone = "", length }) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null));
  const last = known.at(-1);
  const most = known.length ? Math.max(...known) : 0;
  const least = known.length ? Math.min(...known) : 0;
  // A curve that stands on the ground needs it; one far above it (memory) is shown by what it changes.
  const low = floor ? 0 : least - (most - least || most) * 0.1;
  const high = Math.max(most + (floor ? 0 : (most - least || most) * 0.1), floor);
  const words = last === undefined ? t("no figures yet") : t("{last} now, {most} at most", { last: unit(last), most: unit(most) });
  return html`<figure class=${`chart ${tone}`}>
    <figcaption><b>${title}</b> <span class="dim">${words}</span></figcaption>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${title}: ${words}`}>
      <path class="area" d=${area(values, low, high, length)} />
      <path class="stroke" d=${line(values, low, high, length)} />
    </svg>
  </figure>`;
}

/** The points of a path, the newest at the right edge. */
function points(values, low, high, length) {
  const step = WIDTH / Math.max(1, length - 1);
  const height = high - low || 1;
  return values.map((value, index) => ({
    x: WIDTH - (values.length - 1 - index) * step,
    y: value === null ? null : HEIGHT - 3 - ((value - low) / height) * (HEIGHT - 8),
  }));
}

export function line(values, low, high, length) {
  let pen = "M";
  const parts = [];
  for (const { x, y } of points(values, low, high, length)) {
    if (y === null) pen = "M";
    else {
      parts.push(`${pen}${x.toFixed(1)} ${y.toFixed(1)}`);
      pen = "L";
    }
  }
  return parts.join("");
}

function area(values, low, high, length) {
  const drawn = points(values, low, high, length).filter((one) => one.y !== null);
  if (drawn.length < 2) return "";
  const top = drawn.map(({ x, y }) => `L${x.toFixed(1)} ${/** @type {number} */ (y).toFixed(1)}`).join("");
  return `M${drawn[0].x.toFixed(1)} ${HEIGHT}${top}L${drawn[drawn.length - 1].x.toFixed(1)} ${HEIGHT}Z`;
}
