// A traceback: its frames with a few lines of source each, or as the text that it came as.
import { html } from "../core/html.js";
import { t } from "../core/language.js";
import { Place } from "../core/editor.js";

/** @param {{error: {frames?: any[], traceback: string}}} props */
export function Frames({ error }) {
  const frames = error.frames ?? [];
  return html`
    ${frames.map(
      (frame, index) => html`<figure class="frame" key=${index}>
        <figcaption><${Place} file=${frame.file} line=${frame.line} />${frame.name && html` <span class="dim">${frame.name}</span>`}</figcaption>
        ${frame.excerpt.length > 0 && html`<${Excerpt} lines=${frame.excerpt} at=${frame.line} />`}
      </figure>`,
    )}
    ${error.traceback &&
    html`<details class="whole" open=${frames.length === 0}>
      <summary>${t("The whole traceback")}</summary>
      <pre>${error.traceback}</pre>
    </details>`}
  `;
}

/** @param {{lines: [number, string][], at: number}} props */
function Excerpt({ lines, at }) {
  return html`<pre class="excerpt">${lines.map(
    ([number, text]) => html`<div class=${number === at ? "here" : ""}><span class="number">${number}</span>${text || " "}</div>`,
  )}</pre>`;
}
