// Requests to this very server; nothing else is ever asked.
import { signal } from "./html.js";

/** What a route refused, in the server's own sentence. */
export class Refusal extends Error {
  /** @param {number} status @param {string} sentence @param {any} body */
  constructor(status, sentence, body) {
    super(sentence);
    this.status = status;
    this.body = body;
  }
}

/** Set when the server does not know us any more: another run has another token. */
export const locked = signal(false);

/** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function ask(method, path, body) {
  /** @type {RequestInit} */
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  locked.value = response.status === 401;
  if (!response.ok) throw new Refusal(response.status, answer.error ?? response.statusText, answer);
  return answer;
}

export const get = (/** @type {string} */ path) => ask("GET", path);
export const post = (/** @type {string} */ path, /** @type {unknown} */ body = {}) => ask("POST", path, body);
export const put = (/** @type {string} */ path, /** @type {unknown} */ body) => ask("PUT", path, body);
