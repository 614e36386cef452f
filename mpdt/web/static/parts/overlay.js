// What is wrong now, over everything else, until the code is mended (or the overlay is put away).
import { html, signal } from "../core/html.js";
import { trouble } from "../core/store.js";
import { t } from "../core/language.js";
import { Place } from "../core/editor.js";
import { Frames } from "./frames.js";
import { Outcome, outcomeMeaning } from "./outcome.js";
import { Icon } from "./icons.js";

const putAway = signal(0); // the number of the event that somebody has seen enough of

export const dismiss = () => {
  if (trouble.value) putAway.value = trouble.value.seq;
};

export const showAgain = () => {
  putAway.value = 0;
};

export function Overlay() {
  const event = trouble.value;
  if (!event) return null;
  if (putAway.value === event.seq) {
    return html`<button class="recall" onClick=${showAgain}><${Icon} name="warning" />${t("Show the error")}</button>`;
  }
  const { error } = event;
  const outcome = event.outcome ?? "failed";
  return html`<section class="overlay" role="alertdialog" aria-labelledby="overlay-title">
    <header>
      <${Outcome} outcome=${outcome} />
      <span class="dim">${outcomeMeaning(outcome)}</span>
      <button class="plain" onClick=${dismiss} title=${`${t("Close")} (Escape)`} aria-label=${t("Close")}><${Icon} name="close" /></button>
    </header>
    <h2 id="overlay-title"><b>${error.type}</b>: ${error.message}</h2>
    ${error.file && !error.frames?.length && html`<p class="at"><${Place} file=${error.file} line=${error.line} /></p>`}
    <${Frames} error=${error} />
    <p class="dim">${t("Mend the file and save it: this goes by itself.")}</p>
  </section>`;
}
