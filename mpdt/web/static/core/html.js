// What the page is built with: preact, htm and signals, from one place.
import { h, render, Fragment } from "../vendor/preact.mjs";
import htm from "../vendor/htm.mjs";

export { useEffect, useLayoutEffect, useMemo, useRef, useState, useCallback } from "../vendor/preact-hooks.mjs";
export { signal, computed, effect, batch, useSignal, useComputed } from "../vendor/preact-signals.mjs";
export { h, render, Fragment };

/** Templates: html`<p class="note">${text}</p>`. Text is escaped by construction. */
export const html = htm.bind(h);

/** Class names from what holds: classes("row", chosen && "chosen").
 * @param {...(string|false|null|undefined)} names */
export const classes = (...names) => names.filter(Boolean).join(" ");
