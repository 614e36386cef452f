// What this browser remembers: theme, language, what was typed last. Each is a signal that is kept in localStorage.
import { signal, effect } from "./html.js";

const PREFIX = "mpdt.";

/** A signal that lasts. The value must be JSON.
 * @template T @param {string} name @param {T} initial @returns {{value: T}} */
export function remembered(name, initial) {
  const kept = signal(read(PREFIX + name, initial));
  effect(() => write(PREFIX + name, kept.value));
  return kept;
}

function read(key, initial) {
  try {
    const text = localStorage.getItem(key);
    return text === null ? initial : JSON.parse(text);
  } catch {
    return initial; // storage is off, or was written by something else
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage is off or full: the choice lasts as long as the page
  }
}

/** "system", "light" or "dark". */
export const theme = remembered("theme", "system");
/** "en" or "zh"; at first the browser's. */
export const language = remembered("language", /^zh\b/i.test(navigator.language) ? "zh" : "en");

export const nextTheme = () => {
  theme.value = { system: "light", light: "dark", dark: "system" }[theme.value] ?? "system";
};
export const nextLanguage = () => {
  language.value = language.value === "en" ? "zh" : "en";
};

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
