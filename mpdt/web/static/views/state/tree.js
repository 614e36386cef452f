// The plugin's live objects as a tree, read a level at a time; the worker runs none of the plugin's code for it.
import { html, signal, useEffect } from "../../core/html.js";
import { post } from "../../core/api.js";
import { attempt } from "../../core/actions.js";
import { lastChange, ready } from "../../core/store.js";
import { t } from "../../core/language.js";
import { Icon } from "../../parts/icons.js";

const WIDTH = 50;

/** @typedef {{name: string, step: any[], type: string, text: string | null, length: number | null, masked: boolean, cycle?: boolean,
 *   count: number, children: Node[]}} Node */

/** Nodes that are open, by their path as JSON: the node with the children that are shown. */
const opened = signal(/** @type {Map<string, Node>} */ (new Map()));
const roots = signal(/** @type {Node[] | null} */ (null));
const trouble = signal("");
/** What each value was when it was read last: another text now is marked. */
const before = new Map();
const changed = signal(/** @type {Set<string>} */ (new Set()));

const keyOf = (/** @type {any[]} */ path) => JSON.stringify(path);
/** A root's step is its name alone. */
const pathOf = (/** @type {any[]} */ above, /** @type {Node} */ node) => (above.length ? [...above, node.step] : node.step);

/** Reads the roots and every open node again. */
export async function refreshTree() {
  const marks = new Set();
  try {
    roots.value = (await post("/api/tree")).nodes;
    trouble.value = "";
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
    return;
  }
  const next = new Map();
  for (const [key, node] of [...opened.value].sort(([one], [other]) => one.length - other.length)) {
    const fresh = await read(JSON.parse(key), Math.max(node.children.length, WIDTH)).catch(() => null);
    if (fresh) next.set(key, fresh); // a value that is gone is closed
  }
  for (const [key, node] of next) note(JSON.parse(key), node, marks);
  opened.value = next;
  changed.value = marks;
}

/** Which children say something else than before. */
function note(path, node, marks) {
  for (const child of node.children) {
    const key = keyOf(pathOf(path, child));
    const says = `${child.type} ${child.text} ${child.length}`;
    if (before.has(key) && before.get(key) !== says) marks.add(key);
    before.set(key, says);
  }
}

const read = async (path, width, offset = 0) => (await post("/api/tree", { path, width: Math.min(width, 200), offset })).node;

async function open(path) {
  const node = await attempt(read(path, WIDTH));
  if (!node) return;
  note(path, node, new Set());
  opened.value = new Map(opened.value).set(keyOf(path), node);
}

function close(path) {
  const next = new Map(opened.value);
  next.delete(keyOf(path));
  opened.value = next;
}

async function more(path) {
  const node = /** @type {Node} */ (opened.value.get(keyOf(path)));
  const rest = await attempt(read(path, WIDTH, node.children.length));
  if (!rest) return;
  note(path, rest, new Set());
  opened.value = new Map(opened.value).set(keyOf(path), { ...rest, children: [...node.children, ...rest.children] });
}

export function Tree() {
  useEffect(() => void refreshTree(), [lastChange.value?.seq, ready.value?.seq]);
  if (!roots.value) return html`<p class="empty">${trouble.value || t("Asking the worker …")}</p>`;
  return html`<div class="values">
    <div class="tools" role="toolbar" aria-label=${t("Values")}>
      <button onClick=${refreshTree} title=${`${t("Read the values again")} (u)`}><${Icon} name="reload" />${t("Read again")}</button>
      <span class="dim">${t("Read as they lie in memory: no property and no __repr__ is run. Secrets are masked.")}</span>
    </div>
    ${trouble.value && html`<p class="bad">${trouble.value}</p>`}
    <ul class="tree" role="tree" aria-label=${t("Values")} onKeyDown=${steer}>
      ${roots.value.map((node, index) => html`<${Branch} key=${node.name} node=${node} path=${[node.name]} level=${1} first=${index === 0} />`)}
    </ul>
  </div>`;
}

/** @param {{node: Node, path: any[], level: number, first?: boolean}} props */
function Branch({ node, path, level, first }) {
  const key = keyOf(path);
  const inside = opened.value.get(key);
  const can = node.count > 0 && !node.masked;
  const toggle = () => (inside ? close(path) : open(path));
  return html`<li role="treeitem" aria-level=${level} aria-expanded=${can ? Boolean(inside) : undefined} aria-selected="false"
    tabindex=${first ? 0 : -1} data-can=${can ? "" : undefined} class=${changed.value.has(key) ? "changed" : ""}
    onClick=${(event) => { event.stopPropagation(); if (can) toggle(); }}>
    <div class="leaf">
      <span class="twist" aria-hidden="true">${can ? (inside ? "▾" : "▸") : ""}</span>
      <code class="name">${node.name}</code>
      <${Value} node=${node} />
    </div>
    ${inside &&
    html`<ul role="group">
      ${inside.children.map((child) => html`<${Branch} key=${keyOf(child.step)} node=${child} path=${pathOf(path, child)} level=${level + 1} />`)}
      ${inside.children.length < inside.count &&
      html`<li role="none"><button class="plain" onClick=${(event) => { event.stopPropagation(); more(path); }}>
        ${t("{count} more", { count: inside.count - inside.children.length })}</button></li>`}
    </ul>`}
  </li>`;
}

/** @param {{node: Node}} props */
function Value({ node }) {
  const size = node.length !== null && (node.text === null || node.length > node.text.length) ? ` ${t("({count} in it)", { count: node.length })}` : "";
  const short = node.type.split(".").at(-1);
  const told = node.text !== null && node.type !== "module"; // a module's root has its name already
  return html`${told && html`<code class=${node.masked ? "text dim" : "text"}>${node.text}</code>`}
    <span class="dim" title=${node.type}>${short}${size}${node.cycle ? ` ${t("(as above)")}` : ""}</span>`;
}

/** The keys that a tree has everywhere: arrows, Home, End, Enter. @param {KeyboardEvent} event */
function steer(event) {
  const box = /** @type {HTMLElement} */ (event.currentTarget);
  const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=treeitem]"));
  if (!item || event.target !== item) return;
  const all = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[role=treeitem]")]);
  const at = all.indexOf(item);
  const isOpen = item.getAttribute("aria-expanded") === "true";
  const can = item.dataset.can !== undefined;
  const to = {
    ArrowDown: () => all[at + 1],
    ArrowUp: () => all[at - 1],
    Home: () => all[0],
    End: () => all.at(-1),
    ArrowRight: () => (can && !isOpen ? (item.click(), item) : isOpen ? all[at + 1] : item),
    ArrowLeft: () => (isOpen ? (item.click(), item) : /** @type {HTMLElement} */ (item.parentElement?.closest("[role=treeitem]"))),
    Enter: () => (can && item.click(), item),
    " ": () => (can && item.click(), item),
  }[event.key];
  if (!to) return;
  event.preventDefault();
  event.stopPropagation();
  const next = to();
  if (!next) return;
  item.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
