// A form made from a call's schema, and what came of it: the result, what was sent meanwhile, or the error.
import { html, useState } from "../../core/html.js";
import { post, Refusal } from "../../core/api.js";
import { duration, t } from "../../core/language.js";
import { Control } from "../../parts/controls.js";

/** What was typed lasts while the page lives: a patch and a second try need no second typing. */
const drafts = new Map();

/** @param {{call: any, permission: string | null, known?: string}} props `known`: what stands above already */
export function Call({ call, permission, known }) {
  const draft = `${call.kind} ${call.name} ${call.title}`;
  const [values, setValues] = useState(() => drafts.get(draft) ?? starting(call));
  const [outcome, setOutcome] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const change = (/** @type {any} */ next) => {
    drafts.set(draft, next);
    setValues(next);
  };
  const run = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const began = performance.now();
    try {
      const answer = await send(call, values, permission);
      setOutcome({ answer, ms: performance.now() - began });
    } catch (error) {
      setOutcome({ refusal: error instanceof Refusal ? error.message : String(error) });
    }
    setBusy(false);
  };
  const properties = Object.entries(call.parameters.properties ?? {});
  return html`<form class="call" onSubmit=${run} aria-label=${t("Call {name}", { name: call.title })}>
    ${call.description && call.description !== known && html`<p class="dim">${call.description}</p>`}
    ${properties.map(
      ([name, schema]) => html`<${Argument} key=${name} call=${call} name=${name} schema=${schema} value=${values[name]}
        required=${(call.parameters.required ?? []).includes(name)} onChange=${(value) => change({ ...values, [name]: value })} />`,
    )}
    ${call.parameters.additionalProperties === true &&
    html`<${Argument} call=${call} name="" schema=${{}} value=${values[""]} onChange=${(value) => change({ "": value })} />`}
    ${call.say && html`<p class="dim">${t("Says:")} <code>${sentence(call, values)}</code></p>`}
    <p class="run"><button class="primary" disabled=${busy}>${call.say ? t("Say") : call.kind === "event" ? t("Publish") : t("Call")}</button></p>
    <div role="status" aria-live="polite">${outcome && html`<${Outcome} outcome=${outcome} />`}</div>
  </form>`;
}

function Argument({ call, name, schema, value, required, onChange }) {
  const id = `argument-${call.kind}-${call.name}-${name}`.replace(/[^\w-]/g, "_");
  const about = [schema.description, schema.default !== undefined && t("Without it: {value}", { value: JSON.stringify(schema.default) })].filter(Boolean);
  return html`<div class="argument">
    <label for=${id}>${name || t("Parameters (a JSON object)")}${required && html`<b title=${t("required")}> *</b>`}
      <span class="dim"> ${schema.type ?? ""}</span></label>
    <${Control} id=${id} schema=${schema} value=${value} optional=${!required} onChange=${onChange} describedBy=${about.length ? `${id}-about` : ""} />
    ${about.length > 0 && html`<p class="dim" id=${`${id}-about`}>${about.join(" · ")}</p>`}
  </div>`;
}

/** Arguments that are required begin with something that fits; a route has its path and method. */
function starting(call) {
  const properties = call.parameters.properties ?? {};
  const required = call.parameters.required ?? [];
  const begin = (/** @type {any} */ schema) => schema.default ?? schema.enum?.[0] ?? { boolean: false, array: [], object: {} }[schema.type];
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, required.includes(name) ? begin(schema) : undefined]));
}

function send(call, values, permission) {
  if (call.say) return post("/api/message", { text: sentence(call, values), ...(permission ? { role: permission } : {}) });
  const given = call.parameters.additionalProperties === true ? values[""] ?? {} : values;
  const names = Object.entries(given).filter(([, value]) => value !== undefined);
  return post("/api/call", { kind: call.kind, name: call.name, arguments: Object.fromEntries(names) });
}

/** The words of a command: its arguments by place, up to the last one that is given. */
export function sentence(call, values) {
  const names = Object.keys(call.parameters.properties ?? {});
  const last = names.findLastIndex((name) => values[name] !== undefined && values[name] !== "");
  const words = names.slice(0, last + 1).map((name) => word(call.parameters.properties[name], values[name]));
  return [call.say, ...words].join(" ").trim();
}

/** As the command's own splitting (shlex) reads it back. */
function word(schema, value) {
  const given = value === undefined ? schema.default ?? "" : value;
  const text = Array.isArray(given) ? given.join(",") : String(given);
  return schema.raw || /^[^\s'"\\]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function Outcome({ outcome }) {
  if (outcome.refusal) return html`<p class="bad answer">${outcome.refusal}</p>`;
  const { result, error, replies, timed_out: late } = outcome.answer;
  return html`<section class="answer">
    <h3>${error ? t("It raised") : t("Answer")} <span class="ms">${duration(outcome.ms)}</span></h3>
    ${error && html`<p class="bad">${error.type}: ${error.message}</p>${error.traceback && html`<pre class="traceback">${error.traceback}</pre>`}`}
    ${!error && result !== undefined && html`<pre class="result">${JSON.stringify(result, null, 2)}</pre>`}
    ${late && html`<p class="warn">${t("It had not finished in time.")}</p>`}
    ${replies.length > 0 &&
    html`<h3>${t("Sent meanwhile")}</h3>
      <ul class="sent">${replies.map((reply, index) => html`<li key=${index}><${Reply} reply=${reply} /></li>`)}</ul>`}
    ${outcome.answer.result === undefined && !replies.length && html`<p class="dim">${t("No reply.")}</p>`}
  </section>`;
}

/** What was sent, in words; pictures by their size, the chat shows them. */
function Reply({ reply }) {
  const text = typeof reply.content === "string" ? reply.content : JSON.stringify(reply.content);
  const long = reply.type !== "text" && text.length > 200;
  return html`<span class="dim">${reply.type}</span> <span class="said">${long ? t("{count} characters", { count: text.length }) : text}</span>`;
}
