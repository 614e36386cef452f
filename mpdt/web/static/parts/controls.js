// Inputs made from a JSON schema: what a call's arguments and a config's fields are edited with.
//
// A control shows a plain JSON value and hands the next one to onChange; undefined means "left out". What cannot be read
// as the schema's type is handed on as it was typed, so that whoever checks (the plugin's own classes) says what is wrong.
import { html, useEffect, useRef, useState } from "../core/html.js";
import { t } from "../core/language.js";
import { Icon } from "./icons.js";

/**
 * @typedef {object} ControlProps
 * @property {string} id
 * @property {any} schema a JSON schema without references
 * @property {any} value
 * @property {(value: any) => void} onChange
 * @property {boolean} [optional] may it be left out?
 * @property {boolean} [secret]
 * @property {boolean} [disabled]
 * @property {number} [rows] of a text that wants several lines
 * @property {string} [placeholder]
 * @property {string} [describedBy] ids of what describes it
 * @property {boolean} [invalid]
 */

/** @param {any} schema */
export function kindOf(schema) {
  if (Array.isArray(schema?.enum)) return "choice";
  if ("const" in (schema ?? {})) return "choice";
  const items = schema?.items;
  const plain = items && ["string", "integer", "number", "boolean"].includes(items.type) && !items.enum;
  if (schema?.type === "array") return plain || !items || !Object.keys(items).length ? "list" : "json";
  if (["boolean", "integer", "number", "string"].includes(schema?.type)) return schema.type;
  return "json";
}

/** @param {ControlProps} props */
export function Control(props) {
  const kind = kindOf(props.schema);
  if (kind === "choice") return html`<${Choice} ...${props} choices=${props.schema.enum ?? [props.schema.const]} />`;
  if (kind === "boolean") return html`<${Choice} ...${props} choices=${[true, false]} />`;
  if (kind === "integer" || kind === "number") return html`<${Text} ...${props} read=${readNumber} numeric />`;
  if (kind === "list") return html`<${List} ...${props} />`;
  if (kind === "json") return html`<${Json} ...${props} />`;
  return html`<${Text} ...${props} read=${(text) => text} />`;
}

/** A number if it is one, else what was typed. @param {string} text */
function readNumber(text) {
  const plain = text.trim();
  const number = Number(plain);
  return plain !== "" && Number.isFinite(number) ? number : text;
}

/** What every input says of itself to a screen reader. */
const said = (/** @type {ControlProps} */ props) => ({
  id: props.id,
  disabled: props.disabled,
  "aria-invalid": props.invalid ? "true" : undefined,
  "aria-describedby": props.describedBy || undefined,
});

const shown = (/** @type {any} */ value) => (value === undefined || value === null ? "" : String(value));

/** @param {ControlProps & {read: (text: string) => any, numeric?: boolean}} props */
function Text(props) {
  const { schema, value, onChange, optional, secret, numeric, rows, placeholder } = props;
  const [open, setOpen] = useState(false);
  const take = (/** @type {any} */ event) => {
    const text = event.target.value;
    onChange(text === "" && (optional || numeric) ? undefined : props.read(text));
  };
  const text = shown(value);
  if (!secret && !numeric && (rows || text.includes("\n"))) {
    return html`<textarea ...${said(props)} rows=${rows || 4} placeholder=${placeholder} value=${text} onInput=${take}></textarea>`;
  }
  const input = html`<input ...${said(props)} type=${secret && !open ? "password" : "text"} value=${text} placeholder=${placeholder}
    inputmode=${numeric ? (schema.type === "integer" ? "numeric" : "decimal") : undefined} autocomplete="off" spellcheck=${false}
    maxlength=${numeric ? undefined : schema.maxLength} onInput=${take} />`;
  if (!secret) return input;
  return html`<span class="secret">${input}
    <button type="button" class="plain" aria-pressed=${open} onClick=${() => setOpen(!open)}>${open ? t("Hide") : t("Show")}</button>
  </span>`;
}

/** @param {ControlProps & {choices: any[]}} props */
function Choice(props) {
  const { value, choices, onChange, optional } = props;
  const at = choices.findIndex((one) => one === value);
  const foreign = at < 0 && value !== undefined && value !== null;
  const take = (/** @type {any} */ event) => {
    const picked = Number(event.target.value);
    onChange(picked < 0 ? undefined : choices[picked]);
  };
  return html`<select ...${said(props)} value=${String(at)} onChange=${take}>
    ${(optional || at < 0) && html`<option value="-1">${foreign ? shown(value) : t("(left out)")}</option>`}
    ${choices.map((one, index) => html`<option key=${index} value=${String(index)}>${shown(one)}</option>`)}
  </select>`;
}

/** Entries of a list, each with its own input. @param {ControlProps} props */
function List(props) {
  const { id, schema, value, onChange, disabled } = props;
  const items = Array.isArray(value) ? value : [];
  const inner = schema.items && schema.items.type ? schema.items : { type: "string" };
  const blank = inner.type === "boolean" ? false : inner.type === "string" ? "" : 0;
  const put = (/** @type {number} */ index, /** @type {any} */ one) => onChange(items.map((old, at) => (at === index ? one ?? blank : old)));
  const drop = (/** @type {number} */ index) => onChange(items.filter((_, at) => at !== index));
  const move = (/** @type {number} */ index, /** @type {number} */ to) => {
    const next = [...items];
    next.splice(to, 0, ...next.splice(index, 1));
    onChange(next);
  };
  return html`<div class="list" id=${id} role="group" aria-describedby=${props.describedBy || undefined}>
    ${items.map(
      (one, index) => html`<div class="item" key=${index}>
        <label class="hidden" for=${`${id}-${index}`}>${t("Entry {number}", { number: index + 1 })}</label>
        <${Control} id=${`${id}-${index}`} schema=${inner} value=${one} disabled=${disabled} onChange=${(next) => put(index, next)} />
        ${index > 0 && html`<button type="button" class="plain" title=${t("Up")} aria-label=${t("Move entry {number} up", { number: index + 1 })}
          disabled=${disabled} onClick=${() => move(index, index - 1)}>↑</button>`}
        <button type="button" class="plain" title=${t("Remove")} aria-label=${t("Remove entry {number}", { number: index + 1 })}
          disabled=${disabled} onClick=${() => drop(index)}><${Icon} name="close" /></button>
      </div>`,
    )}
    <button type="button" disabled=${disabled} onClick=${() => onChange([...items, blank])}>${t("Add an entry")}</button>
  </div>`;
}

/** Anything as JSON; what is no JSON yet stays here and is said. @param {ControlProps} props */
function Json(props) {
  const { id, value, onChange, rows } = props;
  const [text, setText] = useState(() => asJson(value));
  const [wrong, setWrong] = useState("");
  const last = useRef(value);
  useEffect(() => {
    // A value from outside (the raw text, another form) takes the place of what was typed.
    if (asJson(last.current) !== asJson(value)) setText(asJson(value));
    last.current = value;
  }, [value]);
  const take = (/** @type {any} */ event) => {
    setText(event.target.value);
    try {
      last.current = event.target.value.trim() === "" ? undefined : JSON.parse(event.target.value);
      setWrong("");
      onChange(last.current);
    } catch (error) {
      setWrong(t("This is not JSON: {error}", { error: error instanceof Error ? error.message : error }));
    }
  };
  const described = [wrong && `${id}-json`, props.describedBy].filter(Boolean).join(" ");
  return html`<textarea ...${said({ ...props, invalid: props.invalid || wrong !== "", describedBy: described })} class="json" spellcheck=${false}
      rows=${rows || Math.min(12, Math.max(2, text.split("\n").length))} value=${text} onInput=${take}></textarea>
    ${wrong && html`<p class="problem" id=${`${id}-json`}>${wrong}</p>`}`;
}

const asJson = (/** @type {any} */ value) => (value === undefined || value === null ? "" : JSON.stringify(value, null, 2));
