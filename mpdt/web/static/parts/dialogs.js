// Modal questions, and the list of keys; <dialog> keeps the focus inside and gives it back.
import { html, signal, useEffect, useRef } from "../core/html.js";
import { globalKeys, viewKeys } from "../core/keyboard.js";
import { t } from "../core/language.js";

/** @typedef {{title: string, body: any, action?: string, answer: (yes: boolean) => void}} Question */
const question = signal(/** @type {Question | null} */ (null));
const keysShown = signal(false);

/** @param {string} title @param {any} body @param {string} action what the confirming button says
 * @returns {Promise<boolean>} */
export const confirm = (title, body, action) =>
  new Promise((resolve) => {
    question.value = { title, body, action, answer: resolve };
  });

export const showKeys = () => {
  keysShown.value = true;
};

/** A modal dialog. @param {{title: string, onClose: () => void, children?: any}} props */
export function Modal({ title, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return html`<dialog ref=${dialog} onClose=${onClose} aria-label=${title}>
    <h2>${title}</h2>
    ${children}
  </dialog>`;
}

export function Dialogs() {
  const asked = question.value;
  const end = (/** @type {boolean} */ yes) => {
    question.value = null;
    asked?.answer(yes);
  };
  return html`
    ${asked &&
    html`<${Modal} title=${asked.title} onClose=${() => end(false)}>
      <p>${asked.body}</p>
      <div class="actions">
        <button onClick=${() => end(false)}>${t("Cancel")}</button>
        <button class="primary" autofocus onClick=${() => end(true)}>${asked.action}</button>
      </div>
    <//>`}
    ${keysShown.value && html`<${Keys} />`}
  `;
}

function Keys() {
  const close = () => {
    keysShown.value = false;
  };
  const rows = [...globalKeys.value, ...viewKeys.value].filter((key) => !key.quiet);
  return html`<${Modal} title=${t("Keys")} onClose=${close}>
    <table class="keys">
      <tbody>
        ${rows.map((key) => html`<tr key=${key.key}><td><kbd>${key.key}</kbd></td><td>${key.label()}</td></tr>`)}
      </tbody>
    </table>
    <div class="actions"><button class="primary" autofocus onClick=${close}>${t("Close")}</button></div>
  <//>`;
}
