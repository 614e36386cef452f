// One reply: text and pictures are shown, whatever else is named.
import { html } from "../core/html.js";
import { t } from "../core/language.js";

/** @param {{reply: {type: string, content: any, media?: string, cut?: number}}} props */
export function Reply({ reply }) {
  if (reply.media) return html`<div class="reply"><img class=${reply.type} src=${`/api/media/${reply.media}`} alt=${named(reply.type)} /></div>`;
  if (reply.type === "text" && reply.content === "") return html`<div class="reply nothing">${t("an empty text")}</div>`;
  if (reply.type === "text" && typeof reply.content === "string") {
    return html`<div class="reply">${reply.content}${reply.cut && html`<p class="dim">${t("cut: it has {count} characters", { count: reply.cut })}</p>`}</div>`;
  }
  return html`<div class="reply other"><b>${named(reply.type)}</b> <code>${brief(reply)}</code></div>`;
}

/** @param {string} type */
function named(type) {
  switch (type) {
    case "image": return t("picture");
    case "emoji": return t("emoji");
    case "voice": return t("voice message");
    case "video": return t("video");
    case "file": return t("file");
    case "command": return t("command to the platform");
    default: return type;
  }
}

/** What is not shown is described by its size, or as JSON. */
function brief(reply) {
  if (reply.cut) return t("{count} characters", { count: reply.cut });
  const text = typeof reply.content === "string" ? reply.content : JSON.stringify(reply.content);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
