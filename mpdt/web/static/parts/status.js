// The last change, on every view.
import { html } from "../core/html.js";
import { lastChange, state } from "../core/store.js";
import { clock, duration, t } from "../core/language.js";
import { Outcome } from "./outcome.js";

export function StatusLine() {
  const change = lastChange.value;
  return html`<footer class="status">
    <div aria-live="polite" class="last">
      ${change
        ? html`<a href=${`#/timeline/${change.seq}`} data-seq=${change.seq}>
            <${Outcome} outcome=${change.outcome} />
            <span class="files">${change.files.join(", ")}</span>
            <span class="dim">${duration(change.ms.total)} · ${clock(change.time)}</span>
          </a>`
        : html`<span class="dim">${t("Nothing has changed yet. Save a file of the plugin.")}</span>`}
    </div>
    <span class="dim path"><bdi dir="ltr">${state.value?.path}</bdi></span>
  </footer>`;
}
