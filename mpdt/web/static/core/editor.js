// Links that open a file at a line in the developer's editor; [tool.mpdt] editor says which.
import { html } from "./html.js";
import { state } from "./store.js";
import { t } from "./language.js";

/** @param {string} file absolute @param {number} line @returns {string | null} */
export function editorLink(file, line) {
  const pattern = state.value?.editor;
  if (!pattern || !file) return null;
  const path = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/").replace(/^([A-Za-z])%3A/, "$1:");
  // A path that begins with a slash must not make two of the pattern's own.
  return pattern.replaceAll("/{file}", path.replace(/^\/*/, "/")).replaceAll("{file}", path).replaceAll("{line}", String(line || 1));
}

/** The path as a person knows it.
 * @param {string} file */
export function shortened(file) {
  const root = state.value?.path;
  return root && file.startsWith(root) ? file.slice(root.length).replace(/^[\\/]/, "").replaceAll("\\", "/") : file;
}

/** `text.py:12`, and a way into the editor. */
export function Place({ file, line }) {
  const shown = `${shortened(file)}${line ? `:${line}` : ""}`;
  const link = editorLink(file, line);
  if (!link) return html`<span class="place">${shown}</span>`;
  return html`<a class="place" href=${link} title=${t("Open in the editor")}>${shown}</a>`;
}
