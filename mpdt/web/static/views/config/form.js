// The config's form: a fieldset for each section, a control for each field; errors stand at the field.
import { html } from "../../core/html.js";
import { t } from "../../core/language.js";
import { Control, kindOf } from "../../parts/controls.js";
import { change, defaultAt, keyOf, problemsAt, said, unchecked, valueAt } from "./draft.js";

/** @param {{form: any}} props */
export function Form({ form }) {
  if (!said.value) return html`<p class="empty">${unchecked.value || t("Asking the worker …")}</p>`;
  if (!said.value.given) {
    return html`<p class="empty">${t("As long as the text is not TOML, there is no form for it.")}</p>`;
  }
  return html`<form class="fields" onSubmit=${(event) => event.preventDefault()} aria-label=${t("Form")}>
    ${form.description && html`<p class="dim">${form.description}</p>`}
    ${form.sections.map((section) => html`<${Section} key=${section.path.join(".")} section=${section} place=${section.path} />`)}
  </form>`;
}

/** @param {{section: any, place: (string | number)[]}} props */
function Section({ section, place }) {
  if (section.many) return html`<${Sections} section=${section} place=${place} />`;
  return html`<fieldset>
    <legend>${section.title || place.at(-1) || t("Config")}${section.title && place.length > 0 && html` <code class="dim">[${place.join(".")}]</code>`}</legend>
    <${Inside} section=${section} place=${place} />
  </fieldset>`;
}

function Inside({ section, place }) {
  return html`
    ${section.description && html`<p class="dim about">${section.description}</p>`}
    <${Own} place=${place} section=${section} />
    ${ordered(section.fields).map((field) => html`<${Field} key=${field.name} field=${field} place=${[...place, field.name]} />`)}
    ${section.sections.map((inner) => html`<${Section} key=${inner.path.join(".")} section=${inner} place=${[...place, inner.path.at(-1)]} />`)}
  `;
}

/** The plugin's own order, and without what it does not want to be seen. */
const ordered = (fields) =>
  fields.filter((field) => !field.display.hidden).sort((one, other) => (one.display.order ?? 0) - (other.display.order ?? 0));

/** Problems of the section that belong to none of its fields: names that are not known, values of a whole. */
function Own({ section, place }) {
  const names = new Set([...section.fields.map((one) => one.name), ...section.sections.map((one) => one.path.at(-1))]);
  const own = problemsAt(place).filter((one) => one.place.length === place.length || !(names.has(one.place[place.length]) || typeof one.place[place.length] === "number"));
  return html`${own.map((one, index) => html`<p class="problem" key=${index}>${[...one.place.slice(place.length), one.message].join(": ")}</p>`)}`;
}

/** A list of sections: each entry with its fields, and a button for one more. */
function Sections({ section, place }) {
  const title = section.title || String(place.at(-1));
  const entries = valueAt(place) ?? defaultAt(place) ?? [];
  const remove = (/** @type {number} */ index) =>
    valueAt(place) === undefined ? change(place, entries.filter((_, at) => at !== index)) : change([...place, index], undefined);
  const add = () => (valueAt(place) === undefined ? change(place, [...entries, section.default]) : change([...place, entries.length], section.default));
  return html`<fieldset class="many">
    <legend>${title} <span class="badge">${entries.length}</span></legend>
    ${section.description && html`<p class="dim about">${section.description}</p>`}
    ${entries.map(
      (_, index) => html`<fieldset key=${index}>
        <legend>${t("{title}, entry {number}", { title, number: index + 1 })}</legend>
        <${Inside} section=${{ ...section, description: "" }} place=${[...place, index]} />
        <p class="run"><button type="button" onClick=${() => remove(index)}>${t("Remove entry {number} of {title}", { number: index + 1, title })}</button></p>
      </fieldset>`,
    )}
    <button type="button" onClick=${add}>${t("Add an entry to {title}", { title })}</button>
  </fieldset>`;
}

/** @param {{field: any, place: (string | number)[]}} props */
function Field({ field, place }) {
  const id = `config-${place.join("-")}`.replace(/[^\w-]/g, "_");
  const problems = problemsAt(place);
  const given = valueAt(place);
  const value = given === undefined ? defaultAt(place) ?? field.default : given;
  const about = [field.description, field.display.hint, bounds(field.schema)].filter(Boolean).join(" ");
  const described = [about && `${id}-about`, problems.length && `${id}-problem`].filter(Boolean).join(" ");
  return html`<div class=${problems.length ? "field invalid" : "field"} data-place=${keyOf(place)}>
    <div class="head">
      <label for=${id}>${field.display.label || field.name}${field.required && html`<b title=${t("required")}> *</b>`}</label>
      ${field.display.label && html` <code class="dim">${field.name}</code>`}
      ${given === undefined
        ? html`<span class="dim default">${t("default")}</span>`
        : !same(given, field.default) && !field.required && html`<button type="button" class="plain default" title=${t("Back to the default: {value}", { value: JSON.stringify(field.default) })}
            onClick=${() => change(place, undefined)}>${t("to the default")}</button>`}
    </div>
    <${Control} id=${id} schema=${field.schema} value=${value} secret=${field.secret} disabled=${field.display.disabled} rows=${field.display.rows}
      placeholder=${field.display.placeholder ?? field.display.example} optional=${field.nullable || kindOf(field.schema) === "json"} invalid=${problems.length > 0}
      describedBy=${described} onChange=${(next) => change(place, next)} />
    ${about && html`<p class="dim" id=${`${id}-about`}>${about}</p>`}
    <div id=${`${id}-problem`} aria-live="polite">
      ${problems.map((one, index) => html`<p class="problem" key=${index}>${[...one.place.slice(place.length), one.message].join(": ")}</p>`)}
    </div>
  </div>`;
}

const same = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one) === JSON.stringify(other);

/** The range in words. */
function bounds(schema) {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  const more = schema.minimum === undefined && low !== undefined;
  const less = schema.maximum === undefined && high !== undefined;
  const parts = [
    low !== undefined && (more ? t("More than {bound}.", { bound: low }) : t("At least {bound}.", { bound: low })),
    high !== undefined && (less ? t("Less than {bound}.", { bound: high }) : t("At most {bound}.", { bound: high })),
    schema.minLength !== undefined && t("At least {count} characters.", { count: schema.minLength }),
    schema.maxLength !== undefined && t("At most {count} characters.", { count: schema.maxLength }),
    schema.pattern !== undefined && t("Fits {pattern}.", { pattern: schema.pattern }),
  ];
  return parts.filter(Boolean).join(" ");
}
