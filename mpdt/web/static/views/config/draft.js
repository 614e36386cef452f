// The config as it is being edited: one text, which form and raw editor both change; what the plugin's own classes say
// of it; and the file on disk that it came from.
import { batch, computed, signal } from "../../core/html.js";
import { get, post, put, Refusal } from "../../core/api.js";
import { t } from "../../core/language.js";
import { announce, complain } from "../../parts/notices.js";

const PAUSE = 150; // ms after the last key before the text is checked

/** The form: sections and fields; null without a config class. */
export const form = signal(/** @type {any} */ (null));
/** What was read from disk: {path, text, hash}. */
export const base = signal(/** @type {any} */ (null));
/** What is being edited. */
export const text = signal("");
/** What the classes say of it: {given, values, problems}; null until they were asked. */
export const said = signal(/** @type {any} */ (null));
/** Values typed into the form that are not in the text yet, by place. */
export const pending = signal(/** @type {Map<string, Edit>} */ (new Map()));
/** The disk's content, if it is no longer the one that was read: {text, hash}. */
export const conflict = signal(/** @type {any} */ (null));
/** Why there is nothing to edit, or why the text could not be checked. */
export const trouble = signal("");
export const unchecked = signal("");
export const saving = signal(false);

/** @typedef {{place: (string | number)[], value?: any, gone?: boolean}} Edit */

export const dirty = computed(() => base.value !== null && (text.value !== base.value.text || pending.value.size > 0));
export const keyOf = (/** @type {(string | number)[]} */ place) => JSON.stringify(place);

/** Reads form and file. What is being edited stays, unless it is as it was read. */
export async function load() {
  try {
    const [file, shape] = await Promise.all([get("/api/config"), get("/api/config/form")]);
    const held = dirty.value;
    batch(() => {
      form.value = shape.form;
      trouble.value = "";
      if (!held) take(file);
      else if (file.hash !== base.value.hash && file.text !== text.value) conflict.value = file;
    });
    await check();
  } catch (error) {
    trouble.value = sentenceOf(error);
  }
}

function take(file) {
  batch(() => {
    base.value = { path: file.path ?? base.value?.path, text: file.text, hash: file.hash };
    text.value = file.text;
    pending.value = new Map();
    conflict.value = null;
  });
}

const sentenceOf = (/** @type {unknown} */ error) => (error instanceof Error ? error.message : String(error));

let timer = 0;
/** Checks and edits go one after the other: each edit is made in the text that the one before has left. */
let queue = Promise.resolve();

export function type(/** @type {string} */ next) {
  text.value = next;
  later();
}

/** A field of the form has another value; undefined: its default holds again.
 * @param {(string | number)[]} place @param {any} value */
export function change(place, value) {
  const edit = value === undefined ? { place, gone: true } : { place, value };
  pending.value = new Map(pending.value).set(keyOf(place), edit);
  later();
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(check, PAUSE);
}

/** Puts what was typed into the form into the text, and asks the plugin's classes what they say of it. */
export function check() {
  clearTimeout(timer);
  queue = queue.then(step);
  return queue;
}

async function step() {
  const asked = text.value;
  const edits = pending.value;
  try {
    const answer = await post("/api/config/check", { text: asked, edits: [...edits.values()] });
    if (text.value !== asked) return later(); // somebody typed meanwhile: once more, with that
    batch(() => {
      text.value = answer.text;
      pending.value = new Map([...pending.value].filter(([key, edit]) => edits.get(key) !== edit));
      said.value = answer;
      unchecked.value = "";
    });
  } catch (error) {
    batch(() => {
      unchecked.value = sentenceOf(error);
      // An edit that cannot be written is dropped, or it would be refused for ever; a worker that is away is waited for.
      if (error instanceof Refusal && error.status === 422) pending.value = new Map([...pending.value].filter(([key, edit]) => edits.get(key) !== edit));
    });
  }
  return undefined;
}

/** Writes the text; over another content of the disk only if it is the one that was shown.
 * @param {string} [hash] */
export async function save(hash = base.value?.hash) {
  if (saving.value || !base.value) return;
  saving.value = true;
  try {
    await check();
    const sent = text.value;
    const answer = await put("/api/config", { text: sent, hash, check: said.value !== null && !unchecked.value });
    batch(() => {
      base.value = { ...base.value, text: sent, hash: answer.hash };
      conflict.value = null;
    });
    announce(t("The config is saved."));
  } catch (error) {
    if (error instanceof Refusal && error.status === 409) conflict.value = { text: error.body.disk, hash: error.body.hash };
    else if (error instanceof Refusal && error.body.problems) said.value = { ...said.value, problems: error.body.problems };
    else complain(sentenceOf(error));
  } finally {
    saving.value = false;
  }
}

export const takeMine = () => save(conflict.value?.hash);

export async function takeTheirs() {
  take(conflict.value);
  await check();
}

export async function discard() {
  take(base.value);
  await check();
}

/** What is wrong at a place or below it.
 * @param {(string | number)[]} place */
export const problemsAt = (place) =>
  (said.value?.problems ?? []).filter((one) => one.place.length >= place.length && place.every((part, index) => one.place[index] === part));

/** The value at a place: what was typed last, else what the text says, else the default.
 * @param {(string | number)[]} place */
export function valueAt(place) {
  const edit = pending.value.get(keyOf(place));
  if (edit) return edit.gone ? undefined : edit.value;
  return place.reduce((value, part) => value?.[part], said.value?.given);
}

export const defaultAt = (/** @type {(string | number)[]} */ place) => place.reduce((value, part) => value?.[part], said.value?.values);
