// A conversation with the plugin, as any user: what was said anywhere (here, by `mpdt send`, again after a change).
import { html, signal, useEffect, useRef } from "../core/html.js";
import { post } from "../core/api.js";
import { attempt } from "../core/actions.js";
import { remembered } from "../core/preferences.js";
import { conversation, replays } from "../core/store.js";
import { clock, duration, t } from "../core/language.js";
import { complain } from "../parts/notices.js";
import { Icon } from "../parts/icons.js";
import { Lines } from "../parts/difference.js";
import { Reply } from "../parts/reply.js";
import { Chooser, SaveScenario, startChoosing } from "../parts/scenario.js";

const ROLES = ["guest", "user", "operator", "owner"];
const LARGEST = 6 * 1024 * 1024; // bytes of a picture; a body has 8 MB

const user = remembered("chat.user", "developer");
const group = remembered("chat.group", "");
const role = remembered("chat.role", "user");
const mentions = remembered("chat.mentions", "");
const draft = signal("");
/** @type {{value: {name: string, text: string}[]}} pictures that go with the next message */
const pictures = signal([]);
/** What was sent and is not answered yet. @type {{value: {id: number, text: string}[]}} */
const pending = signal([]);
let sent = 0;

async function send() {
  const text = draft.value.trim();
  if (!text && !pictures.value.length) return;
  const id = (sent += 1);
  const named = mentions.value.split(/[\s,]+/).filter(Boolean);
  const message = {
    text,
    user: user.value || undefined,
    group: group.value || undefined,
    role: role.value,
    images: pictures.value.map((one) => one.text),
    mentions: named,
  };
  draft.value = "";
  pictures.value = [];
  pending.value = [...pending.value, { id, text }];
  if (!(await attempt(post("/api/message", message)))) draft.value ||= text;
  pending.value = pending.value.filter((one) => one.id !== id);
}

const again = () => attempt(post("/api/again"));
const toggleReplay = () => attempt(post("/api/replay", { on: !replays.value }));

function Chat() {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const following = useRef(true);
  useEffect(() => {
    if (following.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = /** @type {HTMLElement} */ (box.current);
    following.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return html`<div class="chat">
    <div class="talk" ref=${box} onScroll=${onScroll} role="log" aria-label=${t("Conversation")} tabindex="0">
      ${conversation.value.map((event) =>
        event.event === "message" ? html`<${Said} key=${event.seq} event=${event} />` : html`<${Again} key=${event.seq} event=${event} />`,
      )}
      ${pending.value.map((one) => html`<div class="exchange" key=${`p${one.id}`}><p class="said">${one.text}</p><p class="dim waiting">${t("waiting for the plugin")}</p></div>`)}
      ${!conversation.value.length && !pending.value.length && html`<p class="empty">${t("Say something to the plugin. What it answers stands here.")}</p>`}
    </div>
    <${SaveScenario} />
    <${Composer} />
  </div>`;
}

function Said({ event }) {
  const who = [event.user ?? "developer", event.role, event.group ? t("in {group}", { group: event.group }) : t("privately")];
  return html`<article class="exchange" data-seq=${event.seq}>
    <p class="head"><${Chooser} event=${event} /><time>${clock(event.time)}</time> ${who.filter(Boolean).join(" · ")}</p>
    <div class="said">
      ${event.text}
      ${event.images.map((name) => html`<img key=${name} src=${`/api/media/${name}`} alt=${t("a picture")} />`)}
      ${event.mentions?.length > 0 && html`<span class="dim"> @${event.mentions.join(" @")}</span>`}
    </div>
    <${Replies} replies=${event.replies} />
    <p class="foot">
      ${event.replies.length === 0 && html`<span class="warn">${t("no reply")}</span>`}
      ${event.timed_out && html`<span class="warn">${t("a handler had not finished")}</span>`}
      <span class="ms">${duration(event.ms)}</span>
      <button class="plain" onClick=${() => edit(event)} title=${t("Take this text up again")}><${Icon} name="undo" /><span class="hidden">${t("Take this text up again")}</span></button>
    </p>
  </article>`;
}

const Replies = ({ replies }) => html`${replies.map((reply, index) => html`<${Reply} key=${index} reply=${reply} />`)}`;

function Again({ event }) {
  const same = event.difference.length === 0;
  return html`<article class="exchange again" data-seq=${event.seq}>
    <p class="head"><${Icon} name="again" /> <time>${clock(event.time)}</time> ${t("again: {text}", { text: event.text })}</p>
    ${same ? html`<p class="dim">${t("the same replies")}</p>` : html`<${Lines} lines=${event.difference} />`}
  </article>`;
}

function edit(event) {
  draft.value = event.text;
  focusDraft();
}

const focusDraft = () => document.getElementById("draft")?.focus();

function Composer() {
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && !draft.value) {
      const last = conversation.value.findLast((one) => one.event === "message");
      if (last) draft.value = last.text;
    }
  };
  const onPaste = (/** @type {ClipboardEvent} */ event) => attach(event.clipboardData?.files);
  return html`<form class="composer" onSubmit=${(event) => { event.preventDefault(); send(); }}>
    <div class="as">
      <${Field} label=${t("as")} kept=${user} id="user" />
      <label><span>${t("role")}</span>
        <select value=${role.value} onChange=${(event) => (role.value = event.target.value)}>
          ${ROLES.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
        </select>
      </label>
      <${Field} label=${t("group")} kept=${group} id="group" hint=${t("none: privately")} />
      <${Field} label=${t("mentions")} kept=${mentions} id="mentions" hint="@" />
      <button type="button" onClick=${startChoosing} title=${`${t("Save as a scenario")} (s)`}><${Icon} name="save" /><span class="wide">${t("Scenario")}</span></button>
      <button type="button" onClick=${again} title=${`${t("Send the last message again")} (a)`}><${Icon} name="again" /><span class="wide">${t("Again")}</span></button>
      <button type="button" role="switch" class="switch" aria-checked=${replays.value} onClick=${toggleReplay} title=${`${t("Send it again after each change")} (A)`}>
        <span>${t("after each change")}</span><i></i>
      </button>
    </div>
    ${pictures.value.length > 0 && html`<p class="pictures">${pictures.value.map((one, index) => html`<button type="button" key=${index} onClick=${() => drop(index)} aria-label=${t("Leave {name} out", { name: one.name })}>${one.name}<${Icon} name="close" /></button>`)}</p>`}
    <div class="write">
      <textarea id="draft" rows="2" aria-label=${t("Message")} placeholder=${t("Message to the plugin; Enter sends it")} value=${draft.value}
        onInput=${(event) => (draft.value = event.target.value)} onKeyDown=${onKeyDown} onPaste=${onPaste}></textarea>
      <label class="button" title=${t("Add a picture")}><${Icon} name="image" /><span class="hidden">${t("Add a picture")}</span>
        <input type="file" class="hidden" accept="image/*" multiple onChange=${(event) => { attach(event.target.files); event.target.value = ""; }} />
      </label>
      <button class="primary">${t("Send")}</button>
    </div>
  </form>`;
}

function Field({ label, kept, id, hint = "" }) {
  return html`<label><span>${label}</span>
    <input id=${`chat-${id}`} value=${kept.value} placeholder=${hint} autocomplete="off" spellcheck=${false} onInput=${(event) => (kept.value = event.target.value)} />
  </label>`;
}

/** @param {FileList | undefined | null} files */
async function attach(files) {
  for (const file of files ?? []) {
    if (file.size > LARGEST) complain(t("{name} is too large: a picture has at most 6 MB.", { name: file.name }));
    else pictures.value = [...pictures.value, { name: file.name, text: await base64(file) }];
  }
}

/** @param {File} file @returns {Promise<string>} */
const base64 = (file) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.readAsDataURL(file);
  });

const drop = (/** @type {number} */ index) => {
  pictures.value = pictures.value.filter((_, at) => at !== index);
};

export const chat = {
  id: "chat",
  title: () => t("Chat"),
  icon: "chat",
  component: Chat,
  keys: () => [
    { key: "/", label: () => t("Write a message"), run: focusDraft },
    { key: "a", label: () => t("Send the last message again"), run: again },
    { key: "s", label: () => t("Save as a scenario"), run: startChoosing },
    { key: "A", label: () => t("Send it again after each change"), run: toggleReplay },
  ],
};
