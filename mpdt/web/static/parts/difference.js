// The source before and after a save, and the way back.
import { html, useEffect, useState } from "../core/html.js";
import { get, post, Refusal } from "../core/api.js";
import { attempt } from "../core/actions.js";
import { confirm } from "./dialogs.js";
import { announce } from "./notices.js";
import { t } from "../core/language.js";
import { Icon } from "./icons.js";

/** @typedef {{file: string, name: string, lines: string[], added: number, removed: number, note: string | null, revertible: boolean}} Edit */

/** @param {{seq: number}} props */
export function SourceDifference({ seq }) {
  const [edits, setEdits] = useState(/** @type {Edit[] | null} */ (null));
  useEffect(() => {
    let wanted = true;
    get(`/api/timeline/${seq}`).then(
      (answer) => wanted && setEdits(answer.edits),
      () => wanted && setEdits([]),
    );
    return () => {
      wanted = false;
    };
  }, [seq]);
  return html`${(edits ?? []).map((edit) => html`<${FileDifference} key=${edit.name} seq=${seq} edit=${edit} />`)}`;
}

function FileDifference({ seq, edit }) {
  return html`<section class="difference">
    <h3>
      <span>${edit.name}</span> <span class="plus">+${edit.added}</span> <span class="minus">−${edit.removed}</span>
      ${edit.revertible &&
      html`<button class="revert" onClick=${() => revert(seq, edit.name)}><${Icon} name="undo" />${t("Revert")}</button>`}
    </h3>
    ${edit.note ? html`<p class="dim">${edit.note}</p>` : html`<${Lines} lines=${edit.lines} />`}
  </section>`;
}

/** Lines of a unified difference; also what two replies differ in. @param {{lines: string[]}} props */
export function Lines({ lines }) {
  const tones = { "+": "plus", "-": "minus", "@": "hunk", "?": "hunk" };
  return html`<pre class="lines">${lines.map((line) => html`<div class=${tones[line[0]] ?? ""}>${line || " "}</div>`)}</pre>`;
}

async function revert(/** @type {number} */ seq, /** @type {string} */ name) {
  try {
    await post("/api/revert", { seq, file: name });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) return void attempt(Promise.reject(error));
    const sure = await confirm(t("Revert all the same?"), error.message, t("Revert"));
    if (!sure || !(await attempt(post("/api/revert", { seq, file: name, force: true })))) return;
  }
  announce(t("{name} has its former content back.", { name }));
}
