// What is told in passing: spoken by screen readers, shown for a moment.
import { html, signal } from "../core/html.js";
import { t } from "../core/language.js";
import { Icon } from "./icons.js";

/** @typedef {{id: number, text: string, bad: boolean}} Notice */
const notices = signal(/** @type {Notice[]} */ ([]));
let last = 0;

/** @param {string} text @param {boolean} bad */
function tell(text, bad) {
  const id = (last += 1);
  notices.value = [...notices.value, { id, text, bad }].slice(-4);
  if (!bad) setTimeout(() => close(id), 5000);
}

const close = (/** @type {number} */ id) => {
  notices.value = notices.value.filter((one) => one.id !== id);
};

/** A sentence that goes by itself. @param {string} text */
export const announce = (text) => tell(text, false);
/** A sentence that stays until it is closed. @param {string} text */
export const complain = (text) => tell(text, true);

export function Notices() {
  return html`<div class="notices" role="status" aria-live="polite">
    ${notices.value.map(
      (one) => html`<p key=${one.id} class=${one.bad ? "notice bad" : "notice"}>
        <span>${one.text}</span>
        <button class="plain" aria-label=${t("Close")} onClick=${() => close(one.id)}><${Icon} name="close" /></button>
      </p>`,
    )}
  </div>`;
}
