// The short words in events, as a person reads them. Tests hold each table to the program's own list.
import { t } from "../core/language.js";

/** @typedef {Record<string, () => string>} Words */

/** @type {Words} */
const CHANGES = {
  added: () => t("added"),
  changed: () => t("changed"),
  removed: () => t("removed"),
  moved: () => t("moved"),
  "re-run": () => t("re-run"),
};

/** Of the engine, then of a reload.
 * @type {Words} */
const PHASES = {
  read: () => t("read"),
  compile: () => t("compile"),
  classify: () => t("classify"),
  plan: () => t("plan"),
  rehearse: () => t("rehearse"),
  apply: () => t("apply"),
  verify: () => t("verify"),
  messages: () => t("messages"),
  build: () => t("build"),
  state: () => t("state"),
  unload: () => t("unload"),
  load: () => t("load"),
  report: () => t("report"),
};

/** What can still run old code.
 * @type {Words} */
const RUNNING = {
  frame: () => t("frame"),
  task: () => t("task"),
  generator: () => t("generator"),
  thread: () => t("thread"),
};

/** What can be left behind.
 * @type {Words} */
const LEAKS = {
  task: () => t("task"),
  timer: () => t("timer"),
  thread: () => t("thread"),
  executor: () => t("executor"),
  server: () => t("server"),
  session: () => t("session"),
  socket: () => t("socket"),
  file: () => t("file"),
  subprocess: () => t("subprocess"),
  "event handler": () => t("event handler"),
  "sys.path entry": () => t("sys.path entry"),
  "sys.meta_path entry": () => t("sys.meta_path entry"),
  "exit handler": () => t("exit handler"),
  "signal handler": () => t("signal handler"),
  reader: () => t("reader"),
  "log handler": () => t("log handler"),
  database: () => t("database"),
  hook: () => t("hook"),
};

/** What became of it.
 * @type {Words} */
const ACTIONS = {
  cancelled: () => t("cancelled"),
  closed: () => t("closed"),
  removed: () => t("removed"),
  survived: () => t("survived"),
};

const inWords = (/** @type {Words} */ words) => (/** @type {string} */ name) => (Object.hasOwn(words, name) ? words[name]() : name);

export const changeWord = inWords(CHANGES);
export const phaseWord = inWords(PHASES);
export const runningWord = inWords(RUNNING);
export const leakWord = inWords(LEAKS);
export const actionWord = inWords(ACTIONS);
