// The outcome of a change: its word, its colour, and what is true because of it.
import { html } from "../core/html.js";
import { t } from "../core/language.js";

export const TONES = {
  patched: "good",
  reloaded: "info",
  restarted: "warn",
  rejected: "bad",
  failed: "bad",
  unchanged: "dim",
};

/** @param {string} outcome */
export function outcomeName(outcome) {
  switch (outcome) {
    case "patched": return t("patched");
    case "reloaded": return t("reloaded");
    case "restarted": return t("restarted");
    case "rejected": return t("rejected");
    case "failed": return t("failed");
    case "unchanged": return t("unchanged");
    default: return outcome;
  }
}

/** @param {string} outcome */
export function outcomeMeaning(outcome) {
  switch (outcome) {
    case "patched": return t("The process equals a fresh one. Every object that lived before is the same object; what the edit did not touch is kept.");
    case "reloaded": return t("The plugin was loaded anew from its files.");
    case "restarted": return t("The worker process was replaced, and its state restored.");
    case "rejected": return t("The new code is broken; the previous version serves on, unharmed.");
    case "failed": return t("No version is serving.");
    case "unchanged": return t("What runs is what is on disk.");
    default: return "";
  }
}

/** @param {{outcome: string}} props */
export const Outcome = ({ outcome }) =>
  html`<span class=${`outcome ${TONES[outcome] ?? "dim"}`}>${outcomeName(outcome)}</span>`;
