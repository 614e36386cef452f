// Keys: a table of them, so that `?` can list what is there. A view brings its own keys while it is shown.
import { signal } from "./html.js";

/** @typedef {{key: string, label: () => string, run: (event: KeyboardEvent) => void, quiet?: boolean}} Key
 * `key` as KeyboardEvent.key names it; `quiet`: not listed */

/** @type {{value: Key[]}} */
export const globalKeys = signal([]);
/** @type {{value: Key[]}} */
export const viewKeys = signal([]);

const TYPING = "input, textarea, select, [contenteditable]";

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.closest(TYPING) !== null;

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    /** @type {HTMLElement} */ (event.target).blur();
    return;
  }
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = [...viewKeys.value, ...globalKeys.value].find((one) => one.key === event.key);
  if (!key) return;
  event.preventDefault();
  key.run(event);
}

export const listen = () => document.addEventListener("keydown", press);
