// What can be done to the running plugin from anywhere on the page: by button and by key.
import { post } from "./api.js";
import { mode } from "./store.js";
import { t } from "./language.js";
import { nextLanguage, nextTheme } from "./preferences.js";
import { announce, complain } from "../parts/notices.js";
import { confirm, showKeys } from "../parts/dialogs.js";
import { dismiss } from "../parts/overlay.js";

/** Runs a request; what the server refuses is told in its own words.
 * @template T @param {Promise<T>} request @returns {Promise<T | null>} */
export async function attempt(request) {
  try {
    return await request;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return null;
  }
}

export async function refresh() {
  const event = await attempt(post("/api/reload"));
  if (event?.outcome === "unchanged") announce(t("What runs is what is on disk."));
}

export const reloadWhole = () => attempt(post("/api/reload", { full: true }));

export const toggleMode = () =>
  attempt(post("/api/mode", { mode: mode.value === "patch-live" ? "reload" : "patch-live" }));

export async function restart() {
  const sure = await confirm(
    t("Restart the worker?"),
    t("A new process takes its place. The plugin's state is saved and restored; what else lives in the process ends."),
    t("Restart"),
  );
  if (sure) await attempt(post("/api/restart"));
}

export async function clearState() {
  const sure = await confirm(
    t("Clear the plugin's state?"),
    t("A new process loads the plugin as if for the first time. Its files on disk stay as they are."),
    t("Clear state"),
  );
  if (sure) await attempt(post("/api/clear-state"));
}

/** @type {import("./keyboard.js").Key[]} */
export const keysOfTheFrame = [
  { key: "r", label: () => t("Compare with the disk, and bring in what differs"), run: refresh },
  { key: "R", label: () => t("Reload the whole plugin"), run: reloadWhole },
  { key: "p", label: () => t("Patch live, or reload at every save"), run: toggleMode },
  { key: "C", label: () => t("Clear the plugin's state"), run: clearState },
  { key: "W", label: () => t("Restart the worker"), run: restart },
  { key: "d", label: () => t("Theme: as the system, light, dark"), run: nextTheme },
  { key: "l", label: () => t("Language: English, 中文"), run: nextLanguage },
  { key: "Escape", label: () => t("Close what is open"), run: dismiss },
  { key: "?", label: () => t("Show the keys"), run: showKeys },
];
