// Every sentence of the page: t("in {group}", { group }). The key is the English sentence; zh.js has the Chinese.
// A component that calls t() is drawn again when the language changes, because it reads the signal.
import { language } from "./preferences.js";
import { zh } from "./zh.js";

/** @param {string} sentence a literal: the tests look each up in zh.js
 * @param {Record<string, unknown>} [values] for the names in braces */
export function t(sentence, values) {
  const said = language.value === "zh" ? zh[sentence] ?? sentence : sentence;
  return values ? said.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all)) : said;
}

/** @param {number} seconds since the epoch */
export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

/** 0.42 ms, 21 ms, 1.3 s
 * @param {number} ms */
export function duration(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(ms < 1 ? 2 : 1) : Math.round(ms)} ms`;
}
